# tram-decoder is compiled for itself, from these files and no others: they are all that ever runs
# beside strangers' bytes. Never with sanitizers or gcov: their shadow memory does not fit under
# RLIMIT_AS, nor their system calls through the filter. Under them the same sources are tested in
# process (media/decode.h).
set(decoder_sources programs/tram_decoder.c media/channel.c media/decode.c media/exif.c
    media/fault.c media/jpeg_error.c media/jpeg_read.c media/jpeg_write.c media/media.c
    media/memfd.c media/png_read.c media/resample.c media/sandbox.c media/sandbox_filter.c
    media/sandbox_landlock.c media/sandbox_prove.c media/sniff.c media/sniff_jpeg.c
    media/sniff_png.c media/upright.c base/cleanup.c base/clock.c base/result.c)
list(TRANSFORM decoder_sources PREPEND ${CMAKE_SOURCE_DIR}/)
add_executable(tram-decoder ${decoder_sources})
target_include_directories(tram-decoder PRIVATE ${CMAKE_SOURCE_DIR})
target_compile_definitions(tram-decoder PRIVATE _GNU_SOURCE)
# -O3 also in debug builds: the resampler's inner loops are what the deadline is made of.
target_compile_options(tram-decoder PRIVATE -O3 -Wall -Wextra -Wshadow -Wconversion
    -Wstrict-prototypes -Wmissing-prototypes -Wvla $<$<BOOL:${TRAM_WERROR}>:-Werror>
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
    -fcf-protection)
target_link_options(tram-decoder PRIVATE -Wl,-z,relro,-z,now)
target_link_libraries(tram-decoder PRIVATE PkgConfig::GD PkgConfig::EXIF PkgConfig::JPEG
    PkgConfig::SECCOMP m)
# Whoever is built with the pool finds the decoder that was built with it (tests, bench).
add_dependencies(tram_media tram-decoder)
target_compile_definitions(tram_media INTERFACE TRAM_DECODER_BUILT="$<TARGET_FILE:tram-decoder>")
add_executable(bench-photo EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/bench/photo.c)
target_link_libraries(bench-photo PRIVATE tram_media m)
