#include "base/crypto/keyfile.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"

#define KEYFILE_BYTES_MAX 1024
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEALED (NONCE + KEYRING_KEY + TAG)
#define MASTER_CHECK 8 /* bytes */
#define DISTRUSTED " distrusted"

/* --- masters ---------------------------------------------------------------------------------- */

static void check_bytes(const struct keyring_master *master, uint8_t out[MASTER_CHECK])
{
    uint8_t wide[crypto_generichash_BYTES];

    crypto_generichash(wide, sizeof(wide), (const uint8_t *)"tram master check", 17, master->bytes,
                       sizeof(master->bytes));
    memcpy(out, wide, MASTER_CHECK);
    bytes_wipe(wide, sizeof(wide));
}

char *keyring_master_check(const struct keyring_master *master, char out[KEYRING_CHECK_TEXT])
{
    uint8_t check[MASTER_CHECK];

    check_bytes(master, check);
    return bytes_to_hex(check, sizeof(check), out);
}

void keyfile_new(int64_t created_ms, int64_t active_ms, struct keyfile *ret)
{
    ret->created_ms = created_ms;
    ret->active_ms = active_ms;
    ret->distrusted = false;
    bytes_random(&ret->id, sizeof(ret->id));
    bytes_random(ret->secret, sizeof(ret->secret));
}

bool keyfile_is_key(const char *name)
{
    uint32_t id;

    return strlen(name) == 12 && strcmp(name + 8, ".key") == 0 && keyring_id_parse(name, 8, &id);
}

/* --- reading ---------------------------------------------------------------------------------- */

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

/* "always", or a time, perhaps with DISTRUSTED behind it. */
static bool parse_active(char *words, struct keyfile *ret)
{
    size_t n = strlen(words), tail = sizeof(DISTRUSTED) - 1;

    ret->active_ms = KEYFILE_ALWAYS;
    ret->distrusted = n > tail && strcmp(words + n - tail, DISTRUSTED) == 0;
    if (ret->distrusted)
        words[n - tail] = '\0';
    else if (strcmp(words, "always") == 0)
        return true;
    return clock_parse(words, &ret->active_ms);
}

/* Everything but the secret, whose line stays at *text; *ret_head_n are the bytes before it, as
 * they lie in the file. */
static bool parse_head(char **text, struct keyfile *ret, size_t *ret_head_n)
{
    char *begin = *text;
    const char *form = take_line(text, "tram-key");
    const char *id = form ? take_line(text, "id") : NULL;
    const char *created = id ? take_line(text, "created") : NULL;
    char *active = created ? take_line(text, "active") : NULL;

    *ret_head_n = (size_t)(*text - begin);
    return active && strcmp(form, "2") == 0 && keyring_id_parse(id, strlen(id), &ret->id) &&
           clock_parse(created, &ret->created_ms) && parse_active(active, ret);
}

static const struct keyring_master *find_master(const struct keyring_master *const masters[2],
                                                const char *check)
{
    char text[KEYRING_CHECK_TEXT];

    for (int i = 0; i < 2; i++)
        if (masters[i] && strcmp(keyring_master_check(masters[i], text), check) == 0)
            return masters[i];
    return NULL;
}

/* "<check> <sealed>"; the head of the file is bound to it. */
static int unseal(const char *value, const char *head, size_t head_n,
                  const struct keyring_master *const masters[2], struct keyfile *ret,
                  const struct keyring_master **ret_sealed)
{
    uint8_t bytes[SEALED];
    char check[KEYRING_CHECK_TEXT];
    size_t n;

    if (strlen(value) != KEYRING_CHECK_TEXT + 2 * SEALED || value[KEYRING_CHECK_TEXT - 1] != ' ' ||
        !bytes_from_hex(value + KEYRING_CHECK_TEXT, 2 * SEALED, bytes, sizeof(bytes), &n))
        return E_CORRUPT;
    memcpy(check, value, sizeof(check) - 1);
    check[sizeof(check) - 1] = '\0';
    *ret_sealed = find_master(masters, check);
    if (!*ret_sealed)
        return masters[0] || masters[1] ? KEYRING_OTHER_MASTER : KEYRING_SEALED;
    return crypto_aead_xchacha20poly1305_ietf_decrypt(ret->secret, NULL, NULL, bytes + NONCE,
                                                      SEALED - NONCE, (const uint8_t *)head, head_n,
                                                      bytes, (*ret_sealed)->bytes) == 0
               ? 0
               : E_CORRUPT;
}

static int parse(char *text, const struct keyring_master *const masters[2], struct keyfile *ret,
                 const struct keyring_master **ret_sealed)
{
    char head[KEYFILE_BYTES_MAX + 1];
    char *at = text;
    const char *secret, *sealed;
    size_t head_n, n;

    memcpy(head, text, sizeof(head));
    *ret_sealed = NULL;
    if (!parse_head(&at, ret, &head_n))
        return E_CORRUPT;
    bytes_wipe(head + head_n, sizeof(head) - head_n);
    sealed = take_line(&at, "sealed");
    if (sealed)
        return *at ? E_CORRUPT : unseal(sealed, head, head_n, masters, ret, ret_sealed);
    secret = take_line(&at, "secret");
    return secret && *at == '\0' &&
                   bytes_from_hex(secret, strlen(secret), ret->secret, sizeof(ret->secret), &n) &&
                   n == sizeof(ret->secret)
               ? 0
               : E_CORRUPT;
}

int keyfile_read(int folder, const char *name, const struct keyring_master *const masters[2],
                 struct keyfile *ret, const struct keyring_master **ret_sealed)
{
    char text[KEYFILE_BYTES_MAX + 1] = "";
    CLEANUP(closep) int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n;
    int r;

    if (fd < 0)
        return E_IO;
    n = read(fd, text, KEYFILE_BYTES_MAX);
    if (n < 0)
        return E_IO;
    r = parse(text, masters, ret, ret_sealed);
    bytes_wipe(text, sizeof(text));
    return r;
}

/* --- writing ---------------------------------------------------------------------------------- */

static size_t format_secret(const struct keyfile *file, char *out, size_t cap)
{
    char secret[BYTES_HEX_TEXT(KEYRING_KEY)];
    int n =
        snprintf(out, cap, "secret %s\n", bytes_to_hex(file->secret, sizeof(file->secret), secret));

    bytes_wipe(secret, sizeof(secret));
    return (size_t)n;
}

static size_t format_sealed(const struct keyfile *file, const struct keyring_master *master,
                            const char *head, size_t head_n, char *out, size_t cap)
{
    uint8_t bytes[SEALED];
    char check[KEYRING_CHECK_TEXT], text[BYTES_HEX_TEXT(SEALED)];

    bytes_random(bytes, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + NONCE, NULL, file->secret,
                                               sizeof(file->secret), (const uint8_t *)head, head_n,
                                               NULL, bytes, master->bytes);
    return (size_t)snprintf(out, cap, "sealed %s %s\n", keyring_master_check(master, check),
                            bytes_to_hex(bytes, sizeof(bytes), text));
}

static size_t format(const struct keyfile *file, const struct keyring_master *master, char *out,
                     size_t cap)
{
    char id[KEYRING_ID_TEXT], created[CLOCK_TEXT], active[CLOCK_TEXT] = "always";
    size_t n;

    if (file->active_ms != KEYFILE_ALWAYS)
        clock_format(file->active_ms, active);
    n = (size_t)snprintf(out, cap, "tram-key 2\nid %s\ncreated %s\nactive %s%s\n",
                         keyring_id_format(file->id, id), clock_format(file->created_ms, created),
                         active, file->distrusted ? DISTRUSTED : "");
    return n + (master ? format_sealed(file, master, out, n, out + n, cap - n)
                       : format_secret(file, out + n, cap - n));
}

int keyfile_write(int folder, const char *name, const struct keyring_master *master,
                  const struct keyfile *file)
{
    static const char temporary[] = "new.tmp";
    char text[KEYFILE_BYTES_MAX];
    CLEANUP(closep) int fd = -1;
    size_t n = format(file, master, text, sizeof(text));
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
