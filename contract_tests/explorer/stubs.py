"""What stands for SDKs that cannot be installed, so that a compiler can judge the programs: made from the definitions, as those
are, with the names and types that they have."""

from collections.abc import Iterable
from pathlib import Path

from lke_emulator.protocol.glossary import reachable
from lke_emulator.protocol.spec import Action, Member, Shape

SDK = "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud"
STREAMS = ("ChatCompletionsResponse", "ReconstructDocumentSSEResponse")


def by_product(actions: Iterable[Action]) -> dict[str, list[Action]]:
    found: dict[str, list[Action]] = {}
    for action in actions:
        found.setdefault(action.product, []).append(action)
    return found


def shapes_of(actions: Iterable[Action]) -> list[Shape]:
    return list(dict.fromkeys(shape for action in actions for shape in reachable(action.request, action.response)))


def folder(action: Action) -> str:
    return "v" + action.version.replace("-", "")


# Go: these can be run, too


def go(root: Path, actions: list[Action]) -> list[str]:
    """Write a module for each product below `root`; gives what go.mod has to say of them."""
    lines = []
    for product, some in by_product(actions).items():
        package = root / product / folder(some[0])
        package.mkdir(parents=True)
        (root / product / "go.mod").write_text(f"module {SDK}/{product}\n\ngo 1.21\n")
        (package / "sdk.go").write_text(go_package(some))
        lines += [f"require {SDK}/{product} v0.0.0", f"replace {SDK}/{product} => ./{root.name}/{product}"]
    return lines


def go_type(member: Member) -> str:
    plain = {"string": "string", "int64": "int64", "uint64": "uint64", "float": "float64", "bool": "bool"}
    return ("[]*" if member.many else "*") + plain.get(member.type, member.type)


def go_package(actions: list[Action]) -> str:
    text = [
        f"package {folder(actions[0])}",
        f'import (\n"encoding/json"\n"{SDK}/common"\ntchttp "{SDK}/common/http"\n"{SDK}/common/profile"\n)',
        "type Client struct { common.Client }",
        "func NewClient(credential common.CredentialIface, region string, p *profile.ClientProfile) (*Client, error) {",
        "c := &Client{}\nc.Init(region).WithCredential(credential).WithProfile(p)\nreturn c, nil\n}",
    ]
    requests = {action.request for action in actions}
    responses = {action.response for action in actions}
    for shape in shapes_of(actions):
        fields = [f'{one.name} {go_type(one)} `json:"{one.name},omitempty"`' for one in shape.members.values()]
        base = ["*tchttp.BaseRequest"] if shape in requests else []
        name = f"{shape.name}Params" if shape in responses else shape.name
        text += [f"type {name} struct {{", *base, *fields, "}"]
    for one in actions:
        request, response = one.request.name, one.response.name
        above = 'tchttp.BaseSSEResponse `json:"-"`' if response in STREAMS else "*tchttp.BaseResponse"
        begun = "" if response in STREAMS else "BaseResponse: &tchttp.BaseResponse{}"
        text += [
            f"type {response} struct {{\n{above}\nResponse *{response}Params\n}}",
            f"func (r *{response}) ToJsonString() string {{ b, _ := json.Marshal(r); return string(b) }}",
            f"func New{request}() *{request} {{",
            f"r := &{request}{{BaseRequest: &tchttp.BaseRequest{{}}}}",
            f'r.Init().WithApiInfo("{one.product}", "{one.version}", "{one.name}")\nreturn r\n}}',
            f"func (c *Client) {one.name}(request *{request}) (*{response}, error) {{",
            f"response := &{response}{{{begun}}}\nreturn response, c.Send(request, response)\n}}",
        ]
    return "\n".join(text)


# C++ and C#: these can only be compiled

CPP_CORE = {
    "Credential.h": "class Credential { public: Credential(const std::string&, const std::string&) {} };",
    "TencentCloud.h": "void InitAPI(); void ShutdownAPI();",
    "profile/HttpProfile.h": "class HttpProfile { public: enum class Scheme { HTTP, HTTPS };"
    " void SetProtocol(const Scheme&) {} void SetEndpoint(const std::string&) {} };",
    "profile/ClientProfile.h": "class HttpProfile; class ClientProfile { public: void SetHttpProfile(const HttpProfile&) {} };",
    "Outcome.h": "class CoreError { public: std::string PrintAll() { return {}; } }; template <class T> class Outcome {"
    " public: bool IsSuccess() { return true; } T GetResult() { return {}; } CoreError GetError() { return {}; } };",
}
CPP_TYPES = {"string": "std::string", "int64": "int64_t", "uint64": "uint64_t", "float": "double", "bool": "bool"}
CPP_HEAD = "#pragma once\n#include <string>\n#include <vector>\n#include <cstdint>\n"


def cpp(root: Path, actions: list[Action]) -> None:
    for name, text in CPP_CORE.items():
        written(root / "tencentcloud" / "core" / name, f"{CPP_HEAD}namespace TencentCloud {{ {text} }}")
    for product, some in by_product(actions).items():
        base = root / "tencentcloud" / product / folder(some[0])
        space = f"TencentCloud::{product.capitalize()}::{folder(some[0]).upper()}"
        for shape in shapes_of(some):
            sets = "\n".join(f"void Set{one.name}(const {cpp_type(one)}&) {{}}" for one in shape.members.values())
            inner = sorted({one.type for one in shape.members.values() if not one.scalar} - {shape.name})
            includes = "".join(f"#include <tencentcloud/{product}/{folder(some[0])}/model/{one}.h>\n" for one in inner)
            body = f"class {shape.name} {{ public:\n{sets}\nstd::string ToJsonString() const {{ return {{}}; }} }};"
            forward = "".join(f"class {one}; " for one in inner)
            written(
                base / "model" / f"{shape.name}.h",
                f"{CPP_HEAD}{includes}namespace {space}::Model {{ {forward}{body} }}",
            )
        calls = "\n".join(
            f"Outcome<Model::{one.response.name}> {one.name}(const Model::{one.request.name}&);" for one in some
        )
        models = "".join(
            f"#include <tencentcloud/{product}/{folder(one)}/model/{name}.h>\n"
            for one in some
            for name in (one.request.name, one.response.name)
        )
        core = "".join(f"#include <tencentcloud/core/{name}>\n" for name in CPP_CORE)
        client = f"class {product.capitalize()}Client {{ public: {product.capitalize()}Client(const Credential&,"
        client += f" const std::string&, const ClientProfile&) {{}}\n{calls} }};"
        written(base / f"{product.capitalize()}Client.h", f"{CPP_HEAD}{core}{models}namespace {space} {{ {client} }}")


def cpp_type(member: Member) -> str:
    plain = CPP_TYPES.get(member.type, member.type)
    return f"std::vector<{plain}>" if member.many else plain


def written(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


CS_CORE = """using System.Collections; using System.Collections.Generic;
namespace TencentCloud.Common {
  public class Credential { public string SecretId { get; set; } public string SecretKey { get; set; } }
  public class AbstractModel { public static string ToJsonString<T>(T value) where T : AbstractModel { return ""; } }
  public class AbstractSSEModel : AbstractModel, IEnumerable<AbstractSSEModel.SSE> {
    public class SSE { public string Data { get; set; } }
    public IEnumerator<SSE> GetEnumerator() { return null; } IEnumerator IEnumerable.GetEnumerator() { return null; } } }
namespace TencentCloud.Common.Profile {
  public class HttpProfile { public string Protocol { get; set; } public string Endpoint { get; set; } }
  public class ClientProfile { public HttpProfile HttpProfile { get; set; } } }
"""
CS_TYPES = {"string": "string", "int64": "long?", "uint64": "ulong?", "float": "float?", "bool": "bool?"}


def csharp(actions: list[Action]) -> str:
    """One source text."""
    text = [CS_CORE]
    for product, some in by_product(actions).items():
        space = f"TencentCloud.{product.capitalize()}.{folder(some[0]).upper()}"
        text.append(f"namespace {space}.Models {{ using TencentCloud.Common;")
        for shape in shapes_of(some):
            above = "AbstractSSEModel" if shape.name in STREAMS else "AbstractModel"
            sets = " ".join(f"public {cs_type(one)} {one.name} {{ get; set; }}" for one in shape.members.values())
            text.append(f"public class {shape.name} : {above} {{ {sets} }}")
        calls = " ".join(
            f"public {one.response.name} {one.name}Sync({one.request.name} r) {{ return null; }}" for one in some
        )
        name = f"{product.capitalize()}Client"
        made = f"public {name}(Credential c, string r, ClientProfile p) {{}}"
        text.append(
            f"}}\nnamespace {space} {{ using TencentCloud.Common; using TencentCloud.Common.Profile;"
            f" using {space}.Models; public class {name} {{ {made} {calls} }} }}"
        )
    return "\n".join(text)


def cs_type(member: Member) -> str:
    return CS_TYPES.get(member.type, member.type) + ("[]" if member.many else "")


# PHP and Ruby: classes of whatever name, which keep what they are told; the answer to an action is what would be sent


PHP = r"""<?php
class Told implements IteratorAggregate {
    public array $told = [];
    public function __construct(...$given) { $this->told["given"] = $given; }
    public function __call($name, $given) {
        if ($name === "toJsonString") return json_encode($this->told, JSON_UNESCAPED_UNICODE);
        if ($name === "fromJsonString") return $this->told["params"] = json_decode($given[0], false, 512, JSON_THROW_ON_ERROR);
        if (str_starts_with($name, "set")) return $this->told[substr($name, 3)] = $given[0];
        [$credential, $region, $profile] = $this->told["given"];
        $http = $profile->told["HttpProfile"]->told;
        $sent = new Told();
        $sent->told = ["client" => get_class($this), "action" => $name, "request" => get_class($given[0]),
            "id" => $credential->told["given"][0], "region" => $region, "endpoint" => $http["Endpoint"],
            "scheme" => $http["Protocol"], "params" => $given[0]->told["params"]];
        return $sent;
    }
    public function getIterator(): Traversable { yield ["data" => $this->toJsonString()]; }
}
spl_autoload_register(function ($name) {
    $at = strrpos($name, "\\");
    eval("namespace " . substr($name, 0, $at) . "; class " . substr($name, $at + 1) . " extends \\Told {}");
});
"""
RUBY = r"""
class Told
  attr_reader :told
  def initialize(*given) = @told = { 'given' => given }
  def deserialize(params) = @told['params'] = params
  def serialize = @told
  def method_missing(name, *given)
    return @told[name.to_s.chomp('=')] = given[0] if name.end_with?('=')
    return @told.fetch(name.to_s) if given.empty?
    credential, region, profile = @told['given']
    http = profile.http_profile
    sent = Told.new
    sent.told.replace('client' => self.class.name, 'action' => name, 'request' => given[0].class.name,
      'id' => credential.told['given'][0], 'region' => region, 'endpoint' => http.endpoint, 'scheme' => http.scheme,
      'params' => given[0].params)
    sent
  end
end
module Any
  def const_missing(name)
    const_set(name, name.match?(/\A(Common|Lke|Lkeap|Adp|V\d+)\z/) ? Module.new.extend(Any) : Class.new(Told))
  end
end
module TencentCloud; extend Any; end
"""


def php(root: Path) -> list[str]:
    """Write them; gives what php has to be told."""
    (root / "vendor").mkdir(exist_ok=True)
    (root / "vendor" / "autoload.php").write_text(PHP)
    return ["-d", f"include_path={root}"]


def ruby(root: Path) -> list[str]:
    for name in ("common", "lke", "lkeap", "adp"):
        (root / f"tencentcloud-sdk-{name}.rb").write_text(RUBY if name == "common" else "")
    return ["-I", str(root)]
