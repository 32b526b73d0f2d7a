/*
 * Why a file is not taken as a picture. One table: what the API answers in both languages, and the
 * slug that clients and metrics know it by. The numbers travel between tramd and its decoders,
 * which are of one build, and are stored nowhere.
 */
#pragma once

#include <stddef.h>

/* name, slug, words vi, words en */
#define MEDIA_FAULTS(X)                                                                            \
    X(NONE, "none", "Ảnh hợp lệ", "The picture is sound")                                          \
    X(EMPTY, "empty", "Tệp rỗng", "The file is empty")                                             \
    X(NOT_IMAGE, "not-image", "Tệp này không phải ảnh", "This file is not a picture")              \
    X(FORMAT, "format", "Chưa nhận định dạng ảnh này; hãy gửi JPEG hoặc PNG",                      \
      "This picture format is not taken; send JPEG or PNG")                                        \
    X(VARIANT, "variant", "Kiểu JPEG hoặc PNG này không được hỗ trợ; hãy lưu lại ảnh rồi gửi",     \
      "This kind of JPEG or PNG is not supported; save the picture anew and send it")              \
    X(TRUNCATED, "truncated", "Ảnh bị thiếu phần cuối; hãy gửi lại",                               \
      "The end of the picture is missing; send it again")                                          \
    X(DAMAGED, "damaged", "Ảnh bị hỏng, không đọc được", "The picture is damaged and unreadable")  \
    X(TOO_MANY_BYTES, "too-many-bytes", "Tệp ảnh quá lớn", "The picture's file is too large")      \
    X(TOO_MANY_PIXELS, "too-many-pixels", "Ảnh có quá nhiều điểm ảnh",                             \
      "The picture has too many pixels")                                                           \
    X(TOO_LONG, "too-long", "Cạnh ảnh quá dài", "A side of the picture is too long")               \
    X(TOO_COMPLEX, "too-complex", "Ảnh cần quá nhiều bộ nhớ để xử lý",                             \
      "The picture needs too much memory to be read")                                              \
    X(TOO_SLOW, "too-slow", "Xử lý ảnh mất quá nhiều thời gian",                                   \
      "Reading the picture takes too long")                                                        \
    X(CRASHED, "crashed", "Không xử lý được ảnh này", "This picture could not be processed")

enum media_fault {
#define X(name, slug, vi, en) MEDIA_FAULT_##name,
    MEDIA_FAULTS(X)
#undef X
        MEDIA_FAULT_COUNT
};

struct media_fault_words {
    const char *slug, *vi, *en;
};

/* Never NULL; a number out of the table gives the words of CRASHED. */
const struct media_fault_words *media_fault_words(enum media_fault fault);
