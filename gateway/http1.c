/*
 * HTTP/1 beside HTTP/2: for tramctl, proxies and simple clients. h2o takes the first of two
 * Content-Length lines, prefers Transfer-Encoding to them, folds nothing and needs no Host; a proxy
 * before it may read such a request otherwise, and what one takes for a body the other takes for
 * the next request (RFC 9112 §11.2). It drops these lines from what it passes on, so they are
 * looked for in the bytes as they came, where it has put the names in lower case.
 */
#include <string.h>

#include "gateway/server.h"

struct lines {
    unsigned lengths, encodings, hosts;
    bool folded;
};

static bool begins(const char *line, size_t n, const char *name)
{
    size_t length = strlen(name);
    return n > length && memcmp(line, name, length) == 0 && line[length] == ':';
}

static void count_line(struct lines *l, const char *line, size_t n)
{
    if (*line == ' ' || *line == '\t')
        l->folded = true;
    else if (begins(line, n, "content-length"))
        l->lengths++;
    else if (begins(line, n, "transfer-encoding"))
        l->encodings++;
    else if (begins(line, n, "host"))
        l->hosts++;
}

/* The lines after the first; an empty one may stand before that. They end with an empty one. */
static void count_lines(struct lines *l, const char *bytes, size_t n)
{
    const char *end = bytes + n;
    bool first = true;
    for (const char *line = bytes, *stop; line < end; line = stop + 1) {
        stop = memchr(line, '\n', (size_t)(end - line));
        if (!stop)
            return;
        size_t length = (size_t)(stop - line);
        bool empty = length == 0 || (length == 1 && *line == '\r');
        if (empty && !first)
            return;
        if (!first)
            count_line(l, line, length);
        first = first && empty;
    }
}

bool http1_sound(h2o_req_t *req)
{
    bool upgraded = req->conn->callbacks->push_path != NULL; /* to HTTP/2: other bytes are there */
    if (req->version >= 0x200 || upgraded)
        return true;
    const h2o_buffer_t *input = req->conn->callbacks->get_socket(req->conn)->input;
    struct lines l = {0};
    count_lines(&l, input->bytes, input->size);
    bool host = l.hosts == 1 || (l.hosts == 0 && req->version < 0x101);
    if (host && !l.folded && l.lengths + l.encodings <= 1)
        return true;
    req->http1_is_persistent = 0; /* what follows may not be what it seems */
    return false;
}
