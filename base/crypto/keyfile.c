#include "base/crypto/keyfile.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"

#define KEYFILE_BYTES_MAX 512

static const char *const state_words[] = {
    [KEYFILE_ACTIVE] = "active",
    [KEYFILE_VERIFY_ONLY] = "verify-only",
    [KEYFILE_STABLE] = "stable",
};

void keyfile_new(int64_t created_ms, enum keyfile_state state, struct keyfile *ret)
{
    ret->created_ms = created_ms;
    ret->state = state;
    bytes_random(&ret->id, sizeof(ret->id));
    bytes_random(ret->secret, sizeof(ret->secret));
}

bool keyfile_is_master(const char *name)
{
    uint32_t id;

    return strlen(name) == 12 && strcmp(name + 8, ".key") == 0 && keyring_id_parse(name, 8, &id);
}

/* Takes the value of the line "<key> <value>\n" at *text and moves to the next line. */
static char *take_line(char **text, const char *key)
{
    size_t n = strlen(key);
    char *value = *text + n + 1, *end;

    if (strncmp(*text, key, n) != 0 || (*text)[n] != ' ')
        return NULL;
    end = strchr(value, '\n');
    if (!end)
        return NULL;
    *end = '\0';
    *text = end + 1;
    return value;
}

static bool parse_state(const char *words, enum keyfile_state *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(state_words); i++) {
        if (strcmp(words, state_words[i]) == 0) {
            *ret = (enum keyfile_state)i;
            return true;
        }
    }
    return false;
}

static bool parse(char *text, struct keyfile *ret)
{
    const char *form = take_line(&text, "tram-key");
    const char *id = form ? take_line(&text, "id") : NULL;
    const char *created = id ? take_line(&text, "created") : NULL;
    const char *state = created ? take_line(&text, "state") : NULL;
    const char *secret = state ? take_line(&text, "secret") : NULL;
    size_t n;

    return secret && *text == '\0' && strcmp(form, "1") == 0 &&
           keyring_id_parse(id, strlen(id), &ret->id) && clock_parse(created, &ret->created_ms) &&
           parse_state(state, &ret->state) &&
           bytes_from_hex(secret, strlen(secret), ret->secret, sizeof(ret->secret), &n) &&
           n == sizeof(ret->secret);
}

int keyfile_read(int folder, const char *name, struct keyfile *ret)
{
    char text[KEYFILE_BYTES_MAX + 1];
    CLEANUP(closep) int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n;
    bool sound;

    if (fd < 0)
        return E_IO;
    n = read(fd, text, KEYFILE_BYTES_MAX);
    if (n < 0)
        return E_IO;
    text[n] = '\0';
    sound = parse(text, ret);
    bytes_wipe(text, sizeof(text));
    return sound ? 0 : E_CORRUPT;
}

static size_t format(const struct keyfile *file, char *out, size_t cap)
{
    char id[KEYRING_ID_TEXT], created[CLOCK_TEXT], secret[BYTES_HEX_TEXT(KEYRING_KEY)];
    int n = snprintf(out, cap, "tram-key 1\nid %s\ncreated %s\nstate %s\nsecret %s\n",
                     keyring_id_format(file->id, id), clock_format(file->created_ms, created),
                     state_words[file->state],
                     bytes_to_hex(file->secret, sizeof(file->secret), secret));

    bytes_wipe(secret, sizeof(secret));
    return (size_t)n;
}

int keyfile_write(int folder, const char *name, const struct keyfile *file)
{
    static const char temporary[] = "new.tmp";
    char text[KEYFILE_BYTES_MAX];
    CLEANUP(closep) int fd = -1;
    size_t n = format(file, text, sizeof(text));
    bool written;

    fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    written = fd >= 0 && write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
    bytes_wipe(text, sizeof(text));
    if (!written || renameat(folder, temporary, folder, name) != 0 || fsync(folder) != 0) {
        unlinkat(folder, temporary, 0);
        return E_IO;
    }
    return 0;
}
