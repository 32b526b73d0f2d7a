/* Sockets: TLS for everybody, cleartext on loopback for the demo, the admin socket for tramctl. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "gateway/server.h"

#define BACKLOG 1024

static int add_listener(struct loop *l, int fd, enum listener_kind kind)
{
    if (l->n_listening == ARRAY_LEN(l->listening)) {
        close(fd);
        return E_FULL;
    }
    l->listening[l->n_listening++] = (struct listening){.loop = l, .kind = kind, .fd = fd};
    return 0;
}

static int port_taken(const char *address, int port)
{
    char text[8];
    snprintf(text, sizeof(text), "%d", port);
    log_event(LOG_ERROR, "another program has this port", "address", address, "port", text, NULL);
    return E_BUSY;
}

static int listen_tcp(struct loop *l, const char *address, int port, enum listener_kind kind)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    bool is_v6 = inet_pton(AF_INET6, address, &v6.sin6_addr) == 1;
    if (!is_v6 && inet_pton(AF_INET, address, &v4.sin_addr) != 1)
        return E_CONFIG;
    int on = 1;
    int fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno == EAFNOSUPPORT ? 0 : E_IO; /* a machine without IPv6 */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (l->gateway->n_loops > 1)
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (is_v6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    int bound = is_v6 ? bind(fd, (struct sockaddr *)&v6, sizeof(v6))
                      : bind(fd, (struct sockaddr *)&v4, sizeof(v4));
    if (bound != 0 && is_v6 && errno == EADDRNOTAVAIL) {
        close(fd);
        return 0;
    }
    if (bound != 0 || listen(fd, BACKLOG) != 0) {
        bool taken = errno == EADDRINUSE;
        close(fd);
        return taken ? port_taken(address, port) : E_IO;
    }
    return add_listener(l, fd, kind);
}

/* Only who runs the program may enter: the mode says so, and SO_PEERCRED at each connection. */
static int listen_admin(struct gateway *g)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t n = strlen(g->admin_path);
    if (n >= sizeof(at.sun_path))
        return E_CONFIG;
    memcpy(at.sun_path, g->admin_path, n + 1);
    unlink(g->admin_path); /* the store's lock says that nobody else serves this folder */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return E_IO;
    mode_t before = umask(0177);
    int bound = bind(fd, (struct sockaddr *)&at, sizeof(at));
    umask(before);
    if (bound != 0 || listen(fd, 16) != 0) {
        close(fd);
        return E_IO;
    }
    return add_listener(&g->loops[0], fd, LISTENER_ADMIN);
}

static int listen_loop(struct gateway *g, struct loop *l)
{
    struct config_list addresses = config_list(g->options.config, "http.addresses");
    int port = (int)config_int(g->options.config, "http.port");
    int plain = (int)config_int(g->options.config, "http.demo_port");
    int done = 0;
    for (size_t i = 0; done == 0 && i < addresses.n; i++)
        done = listen_tcp(l, addresses.items[i], port, LISTENER_TLS);
    if (done == 0 && g->options.demo && plain > 0)
        done = listen_tcp(l, "127.0.0.1", plain, LISTENER_PLAIN);
    return done;
}

int listen_all(struct gateway *g)
{
    int done = 0;
    for (size_t i = 0; done == 0 && i < g->n_loops; i++)
        done = listen_loop(g, &g->loops[i]);
    return done == 0 ? listen_admin(g) : done;
}

void listen_close(struct gateway *g)
{
    for (size_t i = 0; i < g->n_loops; i++) {
        struct loop *l = &g->loops[i];
        for (size_t k = 0; k < l->n_listening; k++)
            closep(&l->listening[k].fd); /* if the loop never ran */
        l->n_listening = 0;
    }
    if (g->admin_path[0])
        unlink(g->admin_path);
}
