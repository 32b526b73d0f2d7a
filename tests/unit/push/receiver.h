/*
 * Somebody's server on a loopback port: answers each POST with a status and keeps what came. One
 * connection a request.
 */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVED_MAX 32

struct received {
    char id[64], timestamp[32], signature[128], authorization[64], body[4096];
};

struct receiver {
    int listener, stop[2];
    uint16_t port;
    pthread_t thread;
    _Atomic int status; /* of the answers; 0 is 200 */
    const char *fields; /* further header lines, or NULL */
    _Atomic int n;
    struct received got[RECEIVED_MAX];
};

static inline void receiver_field(const char *head, const char *name, char *out, size_t cap)
{
    const char *at = strcasestr(head, name);
    size_t n = at ? strcspn(at + strlen(name), "\r\n") : 0;
    out[0] = '\0';
    if (at && n < cap) {
        memcpy(out, at + strlen(name), n);
        out[n] = '\0';
    }
}

static inline void receiver_take(struct receiver *r, int fd)
{
    char text[8192] = "", answer[256], length[16];
    size_t n = 0, wanted = 0;
    while (!wanted || n < wanted) {
        ssize_t got = read(fd, text + n, sizeof(text) - 1 - n);
        if (got <= 0)
            return;
        n += (size_t)got;
        const char *end = strstr(text, "\r\n\r\n");
        receiver_field(text, "\ncontent-length: ", length, sizeof(length));
        if (end)
            wanted = (size_t)(end - text) + 4 + strtoul(length, NULL, 10);
    }
    if (r->n < RECEIVED_MAX) {
        struct received *to = &r->got[r->n];
        receiver_field(text, "\nwebhook-id: ", to->id, sizeof(to->id));
        receiver_field(text, "\nwebhook-timestamp: ", to->timestamp, sizeof(to->timestamp));
        receiver_field(text, "\nwebhook-signature: ", to->signature, sizeof(to->signature));
        receiver_field(text, "\nauthorization: ", to->authorization, sizeof(to->authorization));
        snprintf(to->body, sizeof(to->body), "%s", strstr(text, "\r\n\r\n") + 4);
    }
    r->n++;
    int m = snprintf(answer, sizeof(answer),
                     "HTTP/1.1 %d X\r\nContent-Length: 0\r\nConnection: close\r\n%s\r\n",
                     r->status ? r->status : 200, r->fields ? r->fields : "");
    if (send(fd, answer, (size_t)m, MSG_NOSIGNAL) != m)
        return;
}

static inline void *receiver_main(void *arg)
{
    struct receiver *r = arg;
    struct pollfd fds[2] = {{.fd = r->listener, .events = POLLIN},
                            {.fd = r->stop[0], .events = POLLIN}};
    while (poll(fds, 2, -1) > 0 && fds[1].revents == 0) {
        int fd = accept(r->listener, NULL, NULL);
        if (fd < 0)
            continue;
        receiver_take(r, fd);
        close(fd);
    }
    return NULL;
}

static inline void receiver_start(struct receiver *r)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);
    r->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(r->listener, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(r->listener, 16), 0);
    assert_int_equal(getsockname(r->listener, (struct sockaddr *)&at, &n), 0);
    assert_int_equal(pipe(r->stop), 0);
    r->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&r->thread, NULL, receiver_main, r), 0);
}

static inline void receiver_stop(struct receiver *r)
{
    close(r->stop[1]);
    pthread_join(r->thread, NULL);
    close(r->stop[0]);
    close(r->listener);
}
