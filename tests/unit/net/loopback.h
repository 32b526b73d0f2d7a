/*
 * A small HTTP/1.1 server on a loopback port, a thread a connection, which behaves as the path
 * asks: well (/echo, /status/NNN), or badly (/slow, /huge, /headers, /close, /partial, /redirect,
 * /once: the connection closes at the next request). It does not speak TLS and says so.
 */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOPBACK_CONNECTIONS 64

struct loopback {
    int listener, stop[2]; /* closing stop[1] ends every wait */
    uint16_t port;
    pthread_t thread, connections[LOOPBACK_CONNECTIONS];
    int sockets[LOOPBACK_CONNECTIONS];
    size_t n;
    atomic_int requests, busy, busiest;
};

struct loopback_connection {
    struct loopback *server;
    int fd;
};

struct loopback_request {
    char text[16384]; /* head and body */
    size_t head_n, n;
    char path[64];
};

/* False when the server stops or nothing more comes. */
static inline bool loopback_wait(const struct loopback *s, int fd, int ms)
{
    struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = s->stop[0], .events = POLLIN}};

    return poll(fds, 2, ms) > 0 && fds[1].revents == 0;
}

static inline void loopback_send(int fd, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        text += sent;
        n -= (size_t)sent;
    }
}

static inline bool loopback_read(struct loopback_connection *c, struct loopback_request *r)
{
    size_t wanted = 0;

    memset(r, 0, sizeof(*r));
    while (wanted == 0 || r->n < wanted) {
        ssize_t got;
        const char *end, *length;

        if (!loopback_wait(c->server, c->fd, -1))
            return false;
        got = read(c->fd, r->text + r->n, sizeof(r->text) - 1 - r->n);
        if (got <= 0)
            return false;
        if (r->text[0] == 0x16) { /* a TLS greeting */
            loopback_send(c->fd, "HTTP/1.1 400 X\r\n\r\n", 18);
            return false;
        }
        r->n += (size_t)got;
        end = strstr(r->text, "\r\n\r\n");
        if (!end)
            continue;
        r->head_n = (size_t)(end - r->text) + 4;
        length = strcasestr(r->text, "\r\ncontent-length:");
        wanted = r->head_n + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
    }
    return sscanf(r->text, "%*s %63s", r->path) == 1;
}

static inline void loopback_reply(int fd, int status, const char *fields, const char *body,
                                  size_t n)
{
    char head[512];
    int head_n = snprintf(head, sizeof(head), "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n%s\r\n",
                          status, n, fields);

    loopback_send(fd, head, (size_t)head_n);
    loopback_send(fd, body, n);
}

/* False to close the connection. */
static inline bool loopback_answer(struct loopback_connection *c, struct loopback_request *r)
{
    static const char block[8192];

    if (strcmp(r->path, "/echo") == 0) {
        loopback_reply(c->fd, 200, "Content-Type: text/plain\r\nX-Other: x\r\n", r->text, r->n);
    } else if (strncmp(r->path, "/status/", 8) == 0) {
        loopback_reply(c->fd, atoi(r->path + 8), "Retry-After: 1\r\nRetry-After: 7\r\n", "", 0);
    } else if (strcmp(r->path, "/redirect") == 0) {
        loopback_reply(c->fd, 302, "Location: /echo\r\n", "", 0);
    } else if (strcmp(r->path, "/slow") == 0) {
        loopback_wait(c->server, c->server->stop[0], 10000);
        return false;
    } else if (strcmp(r->path, "/pause") == 0) {
        poll(NULL, 0, 50);
        loopback_reply(c->fd, 200, "", "", 0);
    } else if (strcmp(r->path, "/huge") == 0) {
        loopback_send(c->fd, "HTTP/1.1 200 X\r\n\r\n", 18);
        for (int i = 0; i < 1024; i++)
            loopback_send(c->fd, block, sizeof(block));
        return false;
    } else if (strcmp(r->path, "/headers") == 0) {
        loopback_send(c->fd, "HTTP/1.1 200 X\r\n", 16);
        for (int i = 0; i < 100000; i++)
            loopback_send(c->fd, "X-Pad: 0123456789\r\n", 19);
        return false;
    } else if (strcmp(r->path, "/partial") == 0) {
        loopback_send(c->fd, "HTTP/1.1 200 X\r\nContent-Length: 99\r\n\r\nhalf", 42);
        return false;
    } else if (strcmp(r->path, "/once") == 0) {
        loopback_reply(c->fd, 200, "", "", 0);
        loopback_read(c, r); /* the next one is taken and never answered */
        atomic_fetch_add(&c->server->requests, 1);
        return false;
    } else {
        return false; /* /close */
    }
    return true;
}

static inline void *loopback_serve(void *arg)
{
    struct loopback_connection c = *(struct loopback_connection *)arg;
    struct loopback_request *r = malloc(sizeof(*r));
    bool open = true;

    free(arg);
    while (open && loopback_read(&c, r)) {
        int busy = atomic_fetch_add(&c.server->busy, 1) + 1;

        if (busy > atomic_load(&c.server->busiest))
            atomic_store(&c.server->busiest, busy);
        atomic_fetch_add(&c.server->requests, 1);
        open = loopback_answer(&c, r);
        atomic_fetch_sub(&c.server->busy, 1);
    }
    free(r);
    shutdown(c.fd, SHUT_RDWR);
    return NULL;
}

static inline void *loopback_accept(void *arg)
{
    struct loopback *s = arg;

    while (s->n < LOOPBACK_CONNECTIONS && loopback_wait(s, s->listener, -1)) {
        struct loopback_connection *c = malloc(sizeof(*c));

        *c = (struct loopback_connection){s, accept(s->listener, NULL, NULL)};
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        s->sockets[s->n] = c->fd;
        pthread_create(&s->connections[s->n++], NULL, loopback_serve, c);
    }
    return NULL;
}

static inline int loopback_start(struct loopback *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);

    memset(s, 0, sizeof(*s));
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&at, n) != 0 ||
        listen(s->listener, 64) != 0 || pipe(s->stop) != 0 ||
        getsockname(s->listener, (struct sockaddr *)&at, &n) != 0)
        return -1;
    s->port = ntohs(at.sin_port);
    return pthread_create(&s->thread, NULL, loopback_accept, s);
}

static inline void loopback_stop(struct loopback *s)
{
    close(s->stop[1]);
    pthread_join(s->thread, NULL);
    for (size_t i = 0; i < s->n; i++) {
        pthread_join(s->connections[i], NULL);
        close(s->sockets[i]);
    }
    close(s->stop[0]);
    close(s->listener);
}
