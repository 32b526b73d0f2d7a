// A stand-in for MongoDB: FerretDB on SQLite files in the folder that is its argument. Its first line of
// output is the port of the loopback that it listens on; it ends with its standard input.
//
// FerretDB 1.24 loses updates that come at once. So nobody talks to it but this program, which hands on
// one command at a time, whichever connection it came by.
package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/url"
	"os"
	"sync"

	"github.com/FerretDB/FerretDB/ferretdb"
)

const (
	headBytes    = 16       // of a message: length, id, answered id, operation; each of four bytes
	messageBytes = 48 << 20 // no server takes more
	opMsg        = 2013
	moreToCome   = 1 << 1 // a flag of opMsg: no answer is wanted
)

var oneAtATime sync.Mutex

func readMessage(from io.Reader) ([]byte, error) {
	head := make([]byte, headBytes)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(head)
	if n < headBytes || n > messageBytes {
		return nil, fmt.Errorf("a message of %d bytes", n)
	}
	message := append(head, make([]byte, n-headBytes)...)
	_, err := io.ReadFull(from, message[headBytes:])
	return message, err
}

func wantsAnswer(message []byte) bool {
	return binary.LittleEndian.Uint32(message[12:]) != opMsg || len(message) < headBytes+4 ||
		binary.LittleEndian.Uint32(message[headBytes:])&moreToCome == 0
}

func ask(server net.Conn, message []byte) ([]byte, error) {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	if _, err := server.Write(message); err != nil || !wantsAnswer(message) {
		return nil, err
	}
	return readMessage(server)
}

func serve(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		message, err := readMessage(client)
		if err != nil {
			return
		}
		answer, err := ask(server, message)
		if err != nil {
			return
		}
		if _, err = client.Write(answer); err != nil {
			return
		}
	}
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: server FOLDER")
	}
	db, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(slog.NewTextHandler(io.Discard, nil)),
		Handler:   "sqlite",
		SQLiteURL: "file:" + os.Args[1] + "/",
	})
	if err != nil {
		log.Fatal(err)
	}
	at, err := url.Parse(db.MongoDBURI())
	if err != nil {
		log.Fatal(err)
	}
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		door.Close()
		stop()
	}()
	go func() {
		for {
			client, err := door.Accept()
			if err != nil {
				return
			}
			go serve(client, at.Host)
		}
	}()
	fmt.Println(door.Addr().(*net.TCPAddr).Port)
	if err := db.Run(ctx); err != nil {
		log.Fatal(err)
	}
}
