// tusd as bench/tus.mjs holds it beside tramd: chunks into files, over TLS and HTTP/2, with the same certificate.
// Usage: tusd CERTIFICATE KEY FOLDER [sync]. With "sync" each chunk is on the disk before it is answered, which tusd
// itself leaves to the system. Prints its port, and ends with its standard input.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"

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

// A store whose chunks are synced.
type syncedStore struct{ handler.DataStore }
type syncedUpload struct{ handler.Upload }

func (s syncedStore) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	u, err := s.DataStore.NewUpload(ctx, info)
	return syncedUpload{u}, err
}

func (s syncedStore) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	u, err := s.DataStore.GetUpload(ctx, id)
	return syncedUpload{u}, err
}

func (u syncedUpload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := u.Upload.WriteChunk(ctx, offset, src)
	if err != nil {
		return n, err
	}
	info, err := u.GetInfo(ctx)
	if err != nil {
		return n, err
	}
	file, err := os.Open(info.Storage["Path"])
	if err != nil {
		return n, err
	}
	defer file.Close()
	return n, syscall.Fdatasync(int(file.Fd()))
}

func main() {
	composer := handler.NewStoreComposer()
	filestore.New(os.Args[3]).UseIn(composer)
	if len(os.Args) > 4 && os.Args[4] == "sync" {
		composer.UseCore(syncedStore{composer.Core})
	}
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
