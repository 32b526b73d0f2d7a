#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "media/video/private.h"

#define VALUE_MAX 128
#define STREAMS_MAX 32

/* One line, taken apart: streams.stream.N.key="value", or format.key="value". */
struct line {
    long stream; /* -1: of the whole file */
    char key[64], value[VALUE_MAX];
};

/* What quotes it is dropped, and what is escaped in it; numbers come unquoted. */
static void take_value(const char *at, size_t n, char *out)
{
    size_t got = 0;

    for (size_t i = 0; i < n && got < VALUE_MAX - 1; i++) {
        if (at[i] != '"' && at[i] != '\\')
            out[got++] = at[i];
    }
    out[got] = '\0';
}

static bool take_line(const char *at, size_t n, struct line *ret)
{
    static const char streams[] = "streams.stream.", format[] = "format.";
    const char *equals = memchr(at, '=', n);

    if (!equals)
        return false;
    size_t n_key = (size_t)(equals - at);
    ret->stream = -1;
    if (n_key > sizeof streams && memcmp(at, streams, sizeof streams - 1) == 0) {
        char *end;
        ret->stream = strtol(at + sizeof streams - 1, &end, 10);
        if (*end != '.' || ret->stream < 0 || ret->stream >= STREAMS_MAX || end >= equals)
            return false;
        n_key -= (size_t)(end + 1 - at);
        at = end + 1;
    } else if (n_key > sizeof format && memcmp(at, format, sizeof format - 1) == 0) {
        n_key -= sizeof format - 1;
        at += sizeof format - 1;
    } else {
        return false;
    }
    if (n_key >= sizeof ret->key)
        return false;
    memcpy(ret->key, at, n_key);
    ret->key[n_key] = '\0';
    return true;
}

struct stream {
    char type[16], codec[24], profile[32], pixels[24];
    long width, height, rotation;
    bool cover; /* a picture of the file, no film */
    double rate;
};

static void keep(char *out, size_t room, const char *value)
{
    size_t n = strlen(value);

    if (n >= room)
        n = room - 1;
    memcpy(out, value, n);
    out[n] = '\0';
}

static double rate_of(const char *text)
{
    char *end;
    double above = strtod(text, &end);
    double below = *end == '/' ? strtod(end + 1, NULL) : 1;

    return below > 0 && above > 0 && isfinite(above / below) ? above / below : 0;
}

static void take_stream(struct stream *s, const struct line *l)
{
    if (strcmp(l->key, "codec_type") == 0)
        keep(s->type, sizeof s->type, l->value);
    else if (strcmp(l->key, "codec_name") == 0)
        keep(s->codec, sizeof s->codec, l->value);
    else if (strcmp(l->key, "profile") == 0)
        keep(s->profile, sizeof s->profile, l->value);
    else if (strcmp(l->key, "pix_fmt") == 0)
        keep(s->pixels, sizeof s->pixels, l->value);
    else if (strcmp(l->key, "width") == 0)
        s->width = strtol(l->value, NULL, 10);
    else if (strcmp(l->key, "height") == 0)
        s->height = strtol(l->value, NULL, 10);
    else if (strcmp(l->key, "avg_frame_rate") == 0)
        s->rate = rate_of(l->value);
    else if (strcmp(l->key, "disposition.attached_pic") == 0)
        s->cover = strcmp(l->value, "1") == 0;
    else if (strstr(l->key, ".rotation"))
        s->rotation = strtol(l->value, NULL, 10);
}

/* ISO 6709 Annex H in degrees, as phones write it: "+10.7769+106.7009/". */
static void take_place(struct probe *p, const char *value)
{
    char *end;
    double lat = strtod(value, &end), lon = 0;

    if ((value[0] != '+' && value[0] != '-') || (*end != '+' && *end != '-'))
        return;
    lon = strtod(end, NULL);
    if (!isfinite(lat) || !isfinite(lon) || fabs(lat) > 90 || fabs(lon) > 180)
        return;
    p->lat = lat;
    p->lon = lon;
}

static void take_format(struct probe *p, const struct line *l)
{
    if (strcmp(l->key, "duration") == 0) {
        double seconds = strtod(l->value, NULL);
        p->seconds = isfinite(seconds) && seconds > 0 ? seconds : 0;
    } else if (strcmp(l->key, "tags.location") == 0 ||
               strcmp(l->key, "tags.com_apple_quicktime_location_ISO6709") == 0) {
        take_place(p, l->value);
    } else if (strcmp(l->key, "tags.creation_time") == 0) {
        int64_t taken_ms = 0;
        char *dot = strchr(l->value, '.'); /* microseconds, and the zone behind them */
        char text[VALUE_MAX];
        keep(text, sizeof text, l->value);
        if (dot && dot - l->value < (ptrdiff_t)sizeof text - 2) {
            text[dot - l->value] = 'Z';
            text[dot - l->value + 1] = '\0';
        }
        if (clock_parse(text, &taken_ms) && taken_ms > 0)
            p->taken_ms = taken_ms;
    }
}

static void choose(const struct stream *streams, struct probe *p)
{
    for (size_t i = 0; i < STREAMS_MAX; i++) {
        const struct stream *s = &streams[i];
        if (!p->has_picture && strcmp(s->type, "video") == 0 && !s->cover) {
            p->has_picture = true;
            keep(p->codec, sizeof p->codec, s->codec);
            keep(p->profile, sizeof p->profile, s->profile);
            keep(p->pixels, sizeof p->pixels, s->pixels);
            p->width = s->width;
            p->height = s->height;
            p->rotation = s->rotation;
            p->rate = s->rate;
        }
        if (!p->has_sound && strcmp(s->type, "audio") == 0) {
            p->has_sound = true;
            keep(p->sound, sizeof p->sound, s->codec);
        }
    }
}

void probe_read(const char *text, struct probe *ret)
{
    struct stream streams[STREAMS_MAX] = {0};

    *ret = (struct probe){.lat = NAN, .lon = NAN};
    for (const char *at = text; *at;) {
        struct line l;
        size_t n = strcspn(at, "\n");
        if (take_line(at, n, &l)) {
            const char *value = (const char *)memchr(at, '=', n) + 1;
            take_value(value, (size_t)(at + n - value), l.value);
            if (l.stream >= 0)
                take_stream(&streams[l.stream], &l);
            else
                take_format(ret, &l);
        }
        at += n + (at[n] == '\n');
    }
    choose(streams, ret);
}
