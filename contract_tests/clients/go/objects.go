// Upload, read, list and delete with the official SDK: one argument, one answer.
package main

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/tencentyun/cos-go-sdk-v5"
)

type granted struct {
	UploadPath  string
	Credentials struct{ TmpSecretId, TmpSecretKey, Token string }
}

var asked struct {
	What, Host, Content, Prefix, File string
	Up, Down                          granted
}

func client(one granted) *cos.Client {
	address := &url.URL{Scheme: "http", Host: asked.Host}
	return cos.NewClient(&cos.BaseURL{BucketURL: address}, &http.Client{Transport: &cos.AuthorizationTransport{
		SecretID:     one.Credentials.TmpSecretId,
		SecretKey:    one.Credentials.TmpSecretKey,
		SessionToken: one.Credentials.Token,
	}})
}

func must[T any](told T, failure error) T {
	if failure != nil {
		fmt.Fprintln(os.Stderr, failure)
		os.Exit(1)
	}
	return told
}

func small(up, down *cos.Client, key string) map[string]any {
	background := context.Background()
	put := must(up.Object.Put(background, key, strings.NewReader(asked.Content), nil))
	head := must(down.Object.Head(background, key, nil))
	got := must(down.Object.Get(background, key, nil))
	part := must(down.Object.Get(background, key, &cos.ObjectGetOptions{Range: "bytes=2-4"}))
	list, _, failure := down.Bucket.Get(background, &cos.BucketGetOptions{Prefix: asked.Prefix})
	must(list, failure)
	listed := []string{}
	for _, each := range list.Contents {
		listed = append(listed, each.Key)
	}
	must(up.Object.Delete(background, key))
	gone, _ := down.Object.Head(background, key, nil)
	return map[string]any{
		"etag":    put.Header.Get("ETag"),
		"size":    head.ContentLength,
		"content": string(must(io.ReadAll(got.Body))),
		"range":   string(must(io.ReadAll(part.Body))),
		"listed":  listed,
		"gone":    gone.StatusCode,
	}
}

func large(up, down *cos.Client, key string) map[string]any {
	background := context.Background()
	put, _, failure := up.Object.Upload(background, key, asked.File, &cos.MultiUploadOptions{PartSize: 1, ThreadPoolSize: 2})
	must(put, failure)
	options := &cos.MultiDownloadOptions{PartSize: 1, ThreadPoolSize: 2}
	must(down.Object.Download(background, key, asked.File+".down", options))
	sum := md5.Sum(must(os.ReadFile(asked.File + ".down")))
	return map[string]any{"etag": put.ETag, "md5": hex.EncodeToString(sum[:])}
}

func main() {
	must(0, json.Unmarshal([]byte(os.Args[1]), &asked))
	do := map[string]func(*cos.Client, *cos.Client, string) map[string]any{"small": small, "large": large}[asked.What]
	fmt.Println(string(must(json.Marshal(do(client(asked.Up), client(asked.Down), asked.Up.UploadPath)))))
}
