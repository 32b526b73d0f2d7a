/*
 * tram-decoder: decodes strangers' pictures for tramd, in a sandbox. Started by media/pool.h with
 * the channel as descriptor 3 and its address space in MiB as argument; it ends with the channel.
 *     tram-decoder --prove    tries what the sandbox forbids; exit 0 only if all is denied
 */
#include "media/decode.h"
#include "media/serve.h"

int main(int argc, char **argv)
{
    return decoder_serve("tram-decoder", argc == 2 ? argv[1] : NULL, media_decode_image);
}
