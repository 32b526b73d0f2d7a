#include "handlers/plain_page.h"

#include "base/buf.h"
#include "base/result.h"

int plain_page(const struct request *req, struct reply *reply, const char *title,
               const struct plain_row *rows, size_t n)
{
    struct buf out;
    buf_init(&out, 64 * 1024);
    buf_printf(&out,
               "<!doctype html>\n<html lang=\"%s\"><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\">"
               "<link rel=\"stylesheet\" href=\"/docs.css\"><title>",
               req->language == LANGUAGE_EN ? "en" : "vi");
    buf_add_html(&out, title);
    buf_add_str(&out, "</title><h1>");
    buf_add_html(&out, title);
    buf_add_str(&out, "</h1><table>");
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].text)
            continue;
        buf_add_str(&out, "<tr><td>");
        buf_add_html(&out, rows[i].label);
        buf_add_str(&out, "<td>");
        buf_add_html(&out, rows[i].text);
    }
    buf_add_str(&out, "</table></html>\n");
    reply_header(reply, "content-security-policy",
                 "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
    int done = out.failed ? E_FULL
                          : reply_bytes(reply, 200, "text/html; charset=utf-8", out.data, out.len);
    buf_release(&out);
    return done;
}
