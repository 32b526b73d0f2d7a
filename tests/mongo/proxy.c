#include "tests/mongo/proxy.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINKS 128
#define MESSAGE_MAX (48 << 20)

struct proxy {
    struct addrinfo *server;
    int listener, port;
    pthread_t acceptor;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t ended;
    struct proxy_plan plan;
    bool armed, away, stopping;
    size_t links; /* threads */
    int sockets[LINKS][2];
};

struct link {
    struct proxy *proxy;
    size_t slot;
    int client, server;
    bool mute;       /* silence: nothing goes on */
    bool lose_reply; /* the next answer is not handed on */
};

/* --- bytes ------------------------------------------------------------------------------------ */

static bool read_all(int fd, void *out, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t got = recv(fd, (char *)out + at, n - at, 0);
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

static bool write_all(int fd, const void *bytes, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t put = send(fd, (const char *)bytes + at, n - at, MSG_NOSIGNAL);
        if (put <= 0)
            return false;
        at += (size_t)put;
    }
    return true;
}

/* A whole message: its first four bytes are its length, little-endian. Caller frees. */
static char *read_message(int fd, size_t *ret_n)
{
    unsigned char head[4];
    if (!read_all(fd, head, sizeof(head)))
        return NULL;
    size_t n =
        (size_t)head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
    char *message = n >= sizeof(head) && n <= MESSAGE_MAX ? malloc(n) : NULL;
    if (!message)
        return NULL;
    memcpy(message, head, sizeof(head));
    if (!read_all(fd, message + sizeof(head), n - sizeof(head))) {
        free(message);
        return NULL;
    }
    *ret_n = n;
    return message;
}

/* --- one connection --------------------------------------------------------------------------- */

static enum proxy_fate take_fate(struct proxy *p, const char *message, size_t n,
                                 struct proxy_plan *ret)
{
    enum proxy_fate fate = 0;
    pthread_mutex_lock(&p->lock);
    if (p->armed && memmem(message, n, p->plan.needle, strlen(p->plan.needle))) {
        *ret = p->plan;
        fate = p->plan.fate;
        p->armed = false;
    }
    pthread_mutex_unlock(&p->lock);
    return fate;
}

static bool from_client(struct link *l)
{
    size_t n;
    struct proxy_plan plan;
    char *message = read_message(l->client, &n);
    if (!message)
        return false;
    enum proxy_fate fate = l->mute ? 0 : take_fate(l->proxy, message, n, &plan);
    bool goes_on = fate != PROXY_LOSE_REQUEST;
    l->mute |= fate == PROXY_SILENCE;
    l->lose_reply |= fate == PROXY_LOSE_REPLY;
    if (fate == PROXY_CALL)
        plan.fn(plan.ctx);
    if (goes_on && !l->mute)
        goes_on = write_all(l->server, message, n);
    free(message);
    return goes_on;
}

static bool from_server(struct link *l)
{
    size_t n;
    char *message = read_message(l->server, &n);
    bool goes_on = message && !l->lose_reply && write_all(l->client, message, n);
    free(message);
    return goes_on;
}

static void *link_main(void *arg)
{
    struct link *l = arg;
    struct proxy *p = l->proxy;
    for (bool goes_on = true; goes_on;) {
        struct pollfd fds[] = {{l->client, POLLIN, 0}, {l->server, POLLIN, 0}};
        goes_on = poll(fds, 2, -1) > 0;
        if (goes_on && fds[0].revents)
            goes_on = from_client(l);
        if (goes_on && fds[1].revents)
            goes_on = from_server(l);
    }
    pthread_mutex_lock(&p->lock);
    close(l->client);
    close(l->server);
    p->sockets[l->slot][0] = -1;
    p->links--;
    pthread_cond_signal(&p->ended);
    pthread_mutex_unlock(&p->lock);
    free(l);
    return NULL;
}

static int dial(const struct addrinfo *to)
{
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, to->ai_addr, to->ai_addrlen) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* With the lock held: a thread for the connection; false if it cannot be served. */
static bool start_link(struct proxy *p, int client)
{
    size_t slot = 0;
    while (slot < LINKS && p->sockets[slot][0] >= 0)
        slot++;
    int server = slot < LINKS ? dial(p->server) : -1;
    struct link *l = server >= 0 ? calloc(1, sizeof(*l)) : NULL;
    pthread_t thread;
    if (l)
        *l = (struct link){.proxy = p, .slot = slot, .client = client, .server = server};
    if (!l || pthread_create(&thread, NULL, link_main, l) != 0) {
        free(l);
        if (server >= 0)
            close(server);
        return false;
    }
    pthread_detach(thread);
    p->sockets[slot][0] = client;
    p->sockets[slot][1] = server;
    p->links++;
    return true;
}

static void *accept_main(void *arg)
{
    struct proxy *p = arg;
    for (int client; (client = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;) {
        pthread_mutex_lock(&p->lock);
        if (p->away || p->stopping || !start_link(p, client))
            close(client);
        pthread_mutex_unlock(&p->lock);
    }
    return NULL;
}

/* With the lock held. The threads close. */
static void break_links(struct proxy *p)
{
    for (size_t i = 0; i < LINKS; i++) {
        if (p->sockets[i][0] < 0)
            continue;
        shutdown(p->sockets[i][0], SHUT_RDWR);
        shutdown(p->sockets[i][1], SHUT_RDWR);
    }
}

/* --- life ------------------------------------------------------------------------------------- */

static bool listen_on_loopback(struct proxy *p)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (p->listener < 0 || bind(p->listener, (struct sockaddr *)&at, n) != 0 ||
        listen(p->listener, 64) != 0 || getsockname(p->listener, (struct sockaddr *)&at, &n) != 0)
        return false;
    p->port = ntohs(at.sin_port);
    return true;
}

struct proxy *proxy_new(const char *host, const char *port)
{
    struct proxy *p = calloc(1, sizeof(*p));
    if (!p)
        return NULL;
    for (size_t i = 0; i < LINKS; i++)
        p->sockets[i][0] = -1;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->ended, NULL);
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    if (getaddrinfo(host, port, &hints, &p->server) == 0 && listen_on_loopback(p) &&
        pthread_create(&p->acceptor, NULL, accept_main, p) == 0)
        return p;
    if (p->server)
        freeaddrinfo(p->server);
    free(p);
    return NULL;
}

void proxy_free(struct proxy *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    shutdown(p->listener, SHUT_RDWR);
    break_links(p);
    while (p->links > 0)
        pthread_cond_wait(&p->ended, &p->lock);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->acceptor, NULL);
    close(p->listener);
    freeaddrinfo(p->server);
    free(p);
}

int proxy_port(const struct proxy *p)
{
    return p->port;
}

void proxy_set(struct proxy *p, const struct proxy_plan *plan)
{
    pthread_mutex_lock(&p->lock);
    p->plan = *plan;
    p->armed = true;
    pthread_mutex_unlock(&p->lock);
}

bool proxy_done(struct proxy *p)
{
    pthread_mutex_lock(&p->lock);
    bool done = !p->armed;
    pthread_mutex_unlock(&p->lock);
    return done;
}

void proxy_away(struct proxy *p, bool away)
{
    pthread_mutex_lock(&p->lock);
    p->away = away;
    if (away)
        break_links(p);
    pthread_mutex_unlock(&p->lock);
}
