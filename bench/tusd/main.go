// tusd as bench/tus.mjs holds it beside tramd: chunks into files, over TLS and HTTP/2, with the same certificate.
// Usage: tusd CERTIFICATE KEY FOLDER. Prints its port, and ends with its standard input.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/tus/tusd/v2/pkg/filelocker"
	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/exp/slog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	composer := handler.NewStoreComposer()
	filestore.New(os.Args[3]).UseIn(composer)
	filelocker.New(os.Args[3]).UseIn(composer)
	tus, err := handler.NewHandler(handler.Config{
		BasePath:      "/v1/uploads/",
		StoreComposer: composer,
		Logger:        slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	must(err)
	http.Handle("/v1/uploads/", http.StripPrefix("/v1/uploads/", tus))
	http.Handle("/v1/uploads", http.StripPrefix("/v1/uploads", tus))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	must(http.ServeTLS(listener, nil, os.Args[1], os.Args[2]))
}
