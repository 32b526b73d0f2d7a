#include "base/crypto/bytes.h"
#include "base/crypto/keyring.h"

char *keyring_id_format(uint32_t id, char *out)
{
    uint8_t bytes[4];

    keyring_id_store(id, bytes);
    return bytes_to_hex(bytes, sizeof(bytes), out);
}

bool keyring_id_parse(const char *text, size_t n, uint32_t *ret)
{
    uint8_t bytes[4];
    size_t got;

    if (n != 8 || !bytes_from_hex(text, n, bytes, sizeof(bytes), &got))
        return false;
    *ret = keyring_id_load(bytes);
    return true;
}

void keyring_id_store(uint32_t id, uint8_t out[4])
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(id >> (24 - 8 * i));
}

uint32_t keyring_id_load(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}
