/*
 * A stranger's film becomes one that browsers play: what it is (ffprobe), the film without anything
 * that was written beside the pictures, its first picture. What is made is probed in turn: what a
 * file says of itself is not believed.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/result.h"
#include "media/video/private.h"

#define PROBE_BYTES_MAX 65536
#define SIDE_MIN 16
#define PIXELS_MAX (4096L * 2304) /* of a film that is decoded: 4K */
#define COPY_LONG_MAX 1920        /* what is larger is encoded anew, for phones */
#define COPY_SHORT_MAX 1088
#define COPY_RATE_MAX 61.0
#define SLACK_SECONDS 1.0 /* containers round */
#define MADE_RATE "30"
/* Streams that are not taken may be a little longer than the film. */
#define KEPT_SHARE 0.8
#define KEPT_SLACK 0.2

/* --- what ffmpeg is told ---------------------------------------------------------------------- */

#define ARGUMENTS_MAX 96

struct arguments {
    const char *at[ARGUMENTS_MAX];
    size_t n;
};

/* `list` ends with NULL; so does a->at, always. */
static void add(struct arguments *a, const char *const *list)
{
    for (; *list && a->n < ARGUMENTS_MAX - 1; list++)
        a->at[a->n++] = *list;
    a->at[a->n] = NULL;
}

#define ADD(a, ...) add(a, (const char *const[]){__VA_ARGS__, NULL})

/* Of ffmpeg; libdav1d is its reader of AV1. */
static const char decoders[] =
    "h264,hevc,vp8,vp9,libdav1d,av1,mpeg4,h263,mjpeg,aac,mp3float,mp3,opus,vorbis,amrnb,amrwb,"
    "pcm_s16le,pcm_s16be,pcm_s24le,pcm_f32le,alac";

/* Read as what it says it is and nothing else: no playlist, no list of files, no other protocol. */
static void add_reading(struct arguments *a, const char *container)
{
    ADD(a, "-v", "quiet", "-f", container, "-protocol_whitelist", "file", "-codec_whitelist",
        decoders);
}

static const char *container_of(const struct maker *m)
{
    return m->job->container == VIDEO_WEBM ? "matroska" : "mov";
}

/* Names of ffprobe, which are not always those of the decoders above. */
static const char *const pictures[] = {"h264", "hevc",  "vp8",  "vp9",
                                       "av1",  "mpeg4", "h263", "mjpeg"};

static bool listed(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(name, list[i]) == 0)
            return true;
    }
    return false;
}

static int64_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? (int64_t)st.st_size : 0;
}

static int refuse(struct maker *m, enum media_fault fault)
{
    m->fault = fault;
    return CHILD_BAD;
}

/* Each step in what is left of the time for all. */
static int run(struct maker *m, struct child_run *r)
{
    r->memory_bytes = (uint64_t)m->job->memory_mb << 20;
    r->file_bytes = m->job->made_max;
    r->until_ms = m->until_ms;
    r->channel = m->channel;
    r->null_fd = m->null_fd;
    int done = child_run(r);
    return done == CHILD_LATE ? refuse(m, MEDIA_FAULT_TOO_SLOW) : done;
}

/* --- what it is ------------------------------------------------------------------------------- */

static int probe(struct maker *m, const char *container, const char *file, struct probe *ret)
{
    static char text[PROBE_BYTES_MAX];
    static const char entries[] =
        "format=duration:format_tags=location,com.apple.quicktime.location.ISO6709,creation_time:"
        "stream=codec_type,codec_name,profile,pix_fmt,width,height,avg_frame_rate:"
        "stream_side_data=rotation:stream_disposition=attached_pic";
    struct arguments a = {0};
    ADD(&a, m->ffprobe);
    add_reading(&a, container);
    ADD(&a, "-of", "flat", "-show_entries", entries, file);
    struct child_run r = {.argv = a.at, .out = text, .room = sizeof text};
    m->fault = MEDIA_FAULT_NONE;
    int done = run(m, &r);
    if (done == CHILD_BAD)
        return m->fault ? done : refuse(m, MEDIA_FAULT_DAMAGED);
    if (done == CHILD_GOOD)
        probe_read(text, ret);
    return done;
}

/* Whether what is told of it is within what is taken. */
static int judge(struct maker *m, const struct probe *p)
{
    if (!p->has_picture)
        return refuse(m, p->has_sound ? MEDIA_FAULT_NO_PICTURES : MEDIA_FAULT_DAMAGED);
    if (!listed(p->codec, pictures, ARRAY_LEN(pictures)))
        return refuse(m, MEDIA_FAULT_FILM_KIND);
    if (p->width < SIDE_MIN || p->height < SIDE_MIN)
        return refuse(m, MEDIA_FAULT_DAMAGED);
    if (p->width > VIDEO_SIDE_MAX || p->height > VIDEO_SIDE_MAX ||
        p->width * p->height > PIXELS_MAX)
        return refuse(m, MEDIA_FAULT_FILM_SIZE);
    if (p->seconds > m->job->seconds_max + SLACK_SECONDS)
        return refuse(m, MEDIA_FAULT_FILM_LONG);
    return CHILD_GOOD;
}

/* What every phone's browser plays: H.264 in 8 bits 4:2:0 with AAC, of a size that it decodes. */
static bool plays_as_it_is(const struct probe *p)
{
    static const char *const pixels[] = {"yuv420p", "yuvj420p"};
    static const char *const profiles[] = {"Constrained Baseline", "Baseline", "Main", "High"};
    long across = p->width > p->height ? p->width : p->height;
    long down = p->width > p->height ? p->height : p->width;

    return strcmp(p->codec, "h264") == 0 && listed(p->pixels, pixels, ARRAY_LEN(pixels)) &&
           listed(p->profile, profiles, ARRAY_LEN(profiles)) && across <= COPY_LONG_MAX &&
           down <= COPY_SHORT_MAX && p->rate <= COPY_RATE_MAX &&
           (!p->has_sound || strcmp(p->sound, "aac") == 0);
}

/* --- the film --------------------------------------------------------------------------------- */

/* 720p, whichever way it is turned; never enlarged. */
static const char scaled[] =
    "scale=w='if(gte(iw,ih),min(1280,iw),min(720,iw))':h='if(gte(iw,ih),min(720,ih),min(1280,ih))':"
    "force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p,setsar=1";

/* The first film and the first sound; nothing that was written beside them, in the file, in its
 * streams, or among the pictures (SEI: NAL units of type 6 in H.264). */
static int convert(struct maker *m, bool anew, struct child_run *r)
{
    struct arguments a = {0};
    char until[16];

    /* A moment more than may be: what is longer is seen by it, and not read to its end. */
    snprintf(until, sizeof until, "%u", m->job->seconds_max + 2);
    ADD(&a, m->ffmpeg, "-nostdin", "-progress", "pipe:1");
    add_reading(&a, container_of(m));
    ADD(&a, "-i", FILE_IN, "-map", "0:V:0", "-map", "0:a:0?", "-map_metadata", "-1",
        "-map_metadata:s", "-1", "-map_chapters", "-1", "-sn", "-dn", "-t", until);
    if (anew)
        ADD(&a, "-vf", scaled, "-fpsmax", MADE_RATE, "-c:v", "libx264", "-preset", "veryfast",
            "-crf", "25", "-maxrate", "2500k", "-bufsize", "5000k", "-profile:v", "main", "-g",
            "60", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "48000");
    else
        ADD(&a, "-c", "copy");
    ADD(&a, "-bsf:v", "filter_units=remove_types=6", "-movflags", "+faststart", "-write_tmcd", "0",
        "-f", "mp4", "-y", FILE_FILM);
    r->argv = a.at;
    return run(m, r);
}

/* "out_time_us=1234567" of ffmpeg's -progress. */
static void take_progress(void *ctx, const char *line)
{
    struct maker *m = ctx;
    static const char key[] = "out_time_us=";

    if (strncmp(line, key, sizeof key - 1) != 0 || m->seconds <= 0)
        return;
    double share = strtod(line + sizeof key - 1, NULL) / 1e6 / m->seconds;
    int percent = share > 0 ? (int)(100 * fmin(share, 0.99)) : 0;
    if (percent > m->percent)
        m->tell(m->channel, VIDEO_PROGRESS, m->percent = percent);
}

static int copy(struct maker *m)
{
    struct child_run r = {0};
    return convert(m, false, &r);
}

static int encode(struct maker *m)
{
    struct child_run r = {.line = take_progress, .ctx = m};
    m->seconds = m->before.seconds > 0 ? m->before.seconds : m->job->seconds_max;
    m->encoded = true;
    return convert(m, true, &r);
}

static int film(struct maker *m)
{
    int done = CHILD_BAD;

    if (plays_as_it_is(&m->before))
        done = copy(m);
    if (done == CHILD_BAD && !m->fault) {
        unlink(FILE_FILM);
        done = encode(m);
    }
    if (done == CHILD_BAD && !m->fault)
        return refuse(m, MEDIA_FAULT_DAMAGED);
    return done;
}

/* What came of it: as long as it was said to be, and not longer than may be. */
static int judge_made(struct maker *m)
{
    const struct probe *was = &m->before, *is = &m->after;
    int done = judge(m, is);

    if (done != CHILD_GOOD)
        return done;
    if (is->seconds <= 0 || (uint64_t)size_of(FILE_FILM) >= m->job->made_max)
        return refuse(m, MEDIA_FAULT_DAMAGED);
    if (is->seconds < was->seconds * KEPT_SHARE - KEPT_SLACK)
        return refuse(m, MEDIA_FAULT_TRUNCATED);
    return CHILD_GOOD;
}

/* --- its poster ------------------------------------------------------------------------------- */

static const char poster_size[] = "scale=w='min(1280,iw)':h='min(1280,ih)':"
                                  "force_original_aspect_ratio=decrease,format=yuvj420p";

static int poster_at(struct maker *m, double seconds)
{
    struct arguments a = {0};
    char at[32];

    snprintf(at, sizeof at, "%.2f", seconds);
    ADD(&a, m->ffmpeg, "-nostdin");
    add_reading(&a, "mov");
    ADD(&a, "-ss", at, "-i", FILE_FILM, "-frames:v", "1", "-vf", poster_size, "-map_metadata", "-1",
        "-q:v", "3", "-c:v", "mjpeg", "-f", "image2", "-update", "1", "-y", FILE_POSTER);
    struct child_run r = {.argv = a.at};
    return run(m, &r);
}

/* A second in, where the hand has come to rest. */
static int poster(struct maker *m)
{
    int done = poster_at(m, fmin(1.0, m->after.seconds / 3));

    if (done <= CHILD_BAD && done >= 0 && !m->fault && size_of(FILE_POSTER) == 0)
        done = poster_at(m, 0);
    if (done < 0 || done == CHILD_UNWANTED || m->fault)
        return done;
    int64_t n = size_of(FILE_POSTER);
    return n > 0 && n <= VIDEO_POSTER_BYTES_MAX ? CHILD_GOOD : refuse(m, MEDIA_FAULT_DAMAGED);
}

int make_film(struct maker *m)
{
    int done = probe(m, container_of(m), FILE_IN, &m->before);

    if (done == CHILD_GOOD)
        done = judge(m, &m->before);
    if (done == CHILD_GOOD)
        done = film(m);
    if (done == CHILD_GOOD)
        done = probe(m, "mov", FILE_FILM, &m->after);
    if (done == CHILD_GOOD)
        done = judge_made(m);
    return done == CHILD_GOOD ? poster(m) : done;
}
