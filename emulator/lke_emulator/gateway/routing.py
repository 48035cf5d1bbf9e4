"""Which action a request means: the product from its Host, else from the credential scope, else from version and action."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from lke_emulator.gateway.common import Common
from lke_emulator.protocol.errors import refusal
from lke_emulator.protocol.signature import Authorization
from lke_emulator.protocol.spec import Action, Spec

ROOT = ".tencentcloudapi.com"


class Endpoint(NamedTuple):
    """What a Host says: its first label, the access region, and whether it is a name of the cloud's own domain."""

    label: str
    region: str
    public: bool


@lru_cache(256)
def endpoint(host: str) -> Endpoint:
    """`lke.ap-jakarta.tencentcloudapi.com` is lke by its access point in ap-jakarta; a local host says at most its label."""
    name = host.lower().removeprefix("http://").partition(":")[0]
    if name.endswith(ROOT):
        label, _, region = name.removesuffix(ROOT).partition(".")
        return Endpoint(label, region, True)
    return Endpoint(name.partition(".")[0], "", False)


def product(host: Endpoint, common: Common, authorization: Authorization | None, spec: Spec) -> str:
    """The product's name; NoSuchProduct where the host or the scope names one that does not exist here."""
    if host.label in spec.products:
        return host.label
    if host.public:
        raise refusal("product")
    if authorization is not None and authorization.service in spec.products:
        return authorization.service
    # SDKs that cut the endpoint at its first dot sign for a service such as `127`: only the call itself tells.
    found = spec.product_of_version.get(common.version) or spec.product_of_action.get(common.action)
    if found is None:
        raise refusal("product")
    return found


def find_action(product: str, common: Common, spec: Spec, aliases: Mapping[str, Sequence[str]]) -> Action:
    """The action of a product; NoSuchVersion or InvalidAction. `aliases` are other versions that a product is known by."""
    service = spec.services.get((product, common.version))
    if service is None and common.version in aliases.get(product, ()):
        known = next(service for (name, _), service in spec.services.items() if name == product)
        service = known if common.action in known.actions else None
    if service is None:
        raise refusal("version", version=common.version, service=product)
    action = service.actions.get(common.action)
    if action is None:
        raise refusal("action", action=common.action, service=product, version=common.version)
    return action
