#include "media/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/result.h"

union control {
    char bytes[CMSG_SPACE(JOB_FDS * sizeof(int))];
    struct cmsghdr align;
};

int channel_send(int channel, const void *message, size_t n, const int *fds, size_t n_fds)
{
    union control control = {0};
    struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = n};
    struct msghdr head = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t sent;

    if (n_fds > JOB_FDS)
        return E_INVALID;
    if (n_fds > 0) {
        head.msg_control = control.bytes;
        head.msg_controllen = CMSG_SPACE(n_fds * sizeof *fds);
        struct cmsghdr *c = CMSG_FIRSTHDR(&head);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(n_fds * sizeof *fds);
        memcpy(CMSG_DATA(c), fds, n_fds * sizeof *fds);
    }
    do
        sent = sendmsg(channel, &head, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno == EPIPE || errno == ECONNRESET ? CHANNEL_CLOSED : E_IO;
    return (size_t)sent == n ? 0 : E_IO;
}

/* The descriptors that came, in fds[JOB_FDS]; what came beyond was never installed. */
static size_t take_fds(struct msghdr *head, int *fds)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(head);

    if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
        return 0;
    size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof *fds;
    memcpy(fds, CMSG_DATA(c), n * sizeof *fds);
    return n;
}

int channel_receive(int channel, void *message, size_t n, int *ret_fds, size_t n_fds)
{
    union control control = {0};
    struct iovec part = {.iov_base = message, .iov_len = n};
    struct msghdr head = {.msg_iov = &part,
                          .msg_iovlen = 1,
                          .msg_control = control.bytes,
                          .msg_controllen = sizeof control.bytes};
    int fds[JOB_FDS];
    ssize_t got;

    do
        got = recvmsg(channel, &head, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == ECONNRESET ? CHANNEL_CLOSED : E_IO;
    size_t came = take_fds(&head, fds);
    if (got > 0 && (size_t)got == n && came == n_fds &&
        !(head.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
        if (n_fds > 0)
            memcpy(ret_fds, fds, n_fds * sizeof *fds);
        return 0;
    }
    for (size_t i = 0; i < came; i++)
        close(fds[i]);
    return got == 0 ? CHANNEL_CLOSED : E_CORRUPT;
}
