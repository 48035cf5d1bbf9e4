// One action called through the official SDK's common client: one argument, one answer.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	calls "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
)

var asked struct {
	Host, SecretId, SecretKey, Region, Service, Version, Action string
	Params                                                      map[string]any
}

func must(failure error) {
	if failure != nil {
		fmt.Fprintln(os.Stderr, failure)
		os.Exit(1)
	}
}

func main() {
	must(json.Unmarshal([]byte(os.Args[1]), &asked))
	local := profile.NewClientProfile()
	local.HttpProfile.Scheme = "HTTP"
	local.HttpProfile.Endpoint = asked.Host
	client := common.NewCommonClient(common.NewCredential(asked.SecretId, asked.SecretKey), asked.Region, local)
	request := calls.NewCommonRequest(asked.Service, asked.Version, asked.Action)
	must(request.SetActionParameters(asked.Params))
	response := calls.NewCommonResponse()
	must(client.Send(request, response))
	fmt.Println(string(response.GetBody()))
}
