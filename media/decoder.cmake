# tram-decoder (pictures), tram-papers (PDF), tram-forms (which makes PDFs) and tram-videos (which
# confines ffmpeg) are compiled for themselves, from these files and no others: they are all that ever runs beside strangers' bytes. Never with sanitizers or gcov: their shadow memory does not fit under
# RLIMIT_AS, nor their system calls through the filter. Under them the same sources are tested in
# process (media/decode.h).
set(sandbox_sources media/channel.c media/cover.c media/fault.c media/jpeg_error.c media/jpeg_write.c media/media.c
    media/memfd.c media/render.c media/resample.c media/sandbox.c media/sandbox_filter.c
    media/sandbox_landlock.c media/sandbox_prove.c media/serve.c media/upright.c base/cleanup.c
    base/clock.c base/result.c)
set(decoder_sources programs/tram_decoder.c media/decode.c media/exif.c media/jpeg_read.c
    media/png_read.c media/sniff.c media/sniff_jpeg.c media/sniff_png.c media/sniff_webp.c
    media/webp_read.c ${sandbox_sources})
file(GLOB paper_sources RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/media/paper/*.c)
file(GLOB form_sources RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/media/form/*.c)
set(forms_sources programs/tram_forms.c base/arena.c ${form_sources} ${sandbox_sources})
set(papers_sources programs/tram_papers.c ${paper_sources} ${sandbox_sources})

# -O3 also in debug builds: the resampler's inner loops are what the deadline is made of.
function(tram_decoder name)
    cmake_parse_arguments(D "" "" "SOURCES;LINK;ONLY" ${ARGN})
    list(TRANSFORM D_SOURCES PREPEND ${CMAKE_SOURCE_DIR}/)
    add_executable(${name} ${D_SOURCES})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
    target_compile_options(${name} PRIVATE -O3 -Wall -Wextra -Wshadow -Wconversion
        -Wstrict-prototypes -Wmissing-prototypes -Wvla $<$<BOOL:${TRAM_WERROR}>:-Werror>
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
        -fcf-protection)
    target_link_options(${name} PRIVATE -Wl,-z,relro,-z,now)
    if(NOT D_ONLY)
        set(D_ONLY PkgConfig::GD PkgConfig::JPEG PkgConfig::SECCOMP)
    endif()
    target_link_libraries(${name} PRIVATE ${D_ONLY} m ${D_LINK})
endfunction()
tram_decoder(tram-decoder SOURCES ${decoder_sources} LINK PkgConfig::EXIF PkgConfig::PNG PkgConfig::WEBP)
# What stands around ffmpeg: nothing of a film is read in it but ffprobe's words.
set(videos_sources programs/tram_videos.c media/sandbox_landlock.c base/cleanup.c base/clock.c)
file(GLOB video_sources RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/media/video/*.c)
tram_decoder(tram-videos SOURCES ${videos_sources} ${video_sources} ONLY PkgConfig::SECCOMP)
# Poppler goes by GPL-2 or GPL-3: it is linked into this program and no other (media/paper/paper.h).
set(paper_libraries PkgConfig::QPDF PkgConfig::POPPLER PkgConfig::CAIRO PkgConfig::FONTCONFIG
    PkgConfig::CRYPTO PkgConfig::ZLIB)
tram_decoder(tram-papers SOURCES ${papers_sources} LINK ${paper_libraries})
# The same in process, for tests and fuzzers.
tram_floor(paper FOLDERS media/paper LINK tram_media ${paper_libraries})

set(form_libraries PkgConfig::PANGO PkgConfig::QRENCODE PkgConfig::CAIRO PkgConfig::FONTCONFIG PkgConfig::JANSSON)
tram_decoder(tram-forms SOURCES ${forms_sources} LINK ${form_libraries})
tram_floor(form FOLDERS media/form LINK tram_media ${form_libraries})

tram_floor(video FOLDERS media/video LINK tram_media)

# Whoever is built with the pool finds the decoder that was built with it (tests, bench).
add_dependencies(tram_media tram-decoder tram-papers tram-forms tram-videos)
target_compile_definitions(tram_media INTERFACE TRAM_DECODER_BUILT="$<TARGET_FILE:tram-decoder>"
    TRAM_PAPERS_BUILT="$<TARGET_FILE:tram-papers>" TRAM_FORMS_BUILT="$<TARGET_FILE:tram-forms>"
    TRAM_VIDEOS_BUILT="$<TARGET_FILE:tram-videos>")
add_executable(bench-photo EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/bench/photo.c)
target_link_libraries(bench-photo PRIVATE tram_media m)
add_executable(bench-forms EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/bench/forms.c)
target_link_libraries(bench-forms PRIVATE tram_media)
