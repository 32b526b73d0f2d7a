/*
 * Why a file is not taken, and why a signature in it is not valid. Two tables: what the API answers
 * in both languages, and the slug that clients and metrics know it by. The numbers travel between
 * tramd and its decoders, which are of one build, and are stored nowhere.
 */
#pragma once

#include <stddef.h>

/* name, slug, words vi, words en */
#define MEDIA_FAULTS(X)                                                                            \
    X(NONE, "none", "Tệp hợp lệ", "The file is sound")                                             \
    X(EMPTY, "empty", "Tệp rỗng", "The file is empty")                                             \
    X(NOT_IMAGE, "not-image", "Tệp này không phải ảnh hay PDF",                                    \
      "This file is neither a picture nor a PDF")                                                  \
    X(FORMAT, "format", "Chưa nhận định dạng này; hãy gửi ảnh JPEG, PNG, WebP hoặc tệp PDF",       \
      "This format is not taken; send a JPEG, PNG or WebP picture, or a PDF")                      \
    X(VARIANT, "variant", "Kiểu ảnh này không được hỗ trợ; hãy lưu lại ảnh rồi gửi",               \
      "This kind of picture is not supported; save the picture anew and send it")                  \
    X(TRUNCATED, "truncated", "Tệp bị thiếu phần cuối; hãy gửi lại",                               \
      "The end of the file is missing; send it again")                                             \
    X(DAMAGED, "damaged", "Tệp bị hỏng, không đọc được", "The file is damaged and unreadable")     \
    X(TOO_MANY_BYTES, "too-many-bytes", "Tệp quá lớn", "The file is too large")                    \
    X(TOO_MANY_PIXELS, "too-many-pixels", "Ảnh có quá nhiều điểm ảnh",                             \
      "The picture has too many pixels")                                                           \
    X(TOO_LONG, "too-long", "Cạnh ảnh quá dài", "A side of the picture is too long")               \
    X(TOO_COMPLEX, "too-complex", "Tệp cần quá nhiều bộ nhớ để xử lý",                             \
      "The file needs too much memory to be read")                                                 \
    X(TOO_SLOW, "too-slow", "Xử lý tệp mất quá nhiều thời gian",                                   \
      "Reading the file takes too long")                                                           \
    X(CRASHED, "crashed", "Không xử lý được tệp này", "This file could not be processed")          \
    X(LOCKED, "locked", "PDF có mật khẩu hoặc bị khóa; hãy lưu lại không khóa rồi gửi",            \
      "The PDF is encrypted; save it without a password and send it")                              \
    X(SCRIPT, "script", "PDF có chứa mã JavaScript; hãy in ra PDF mới rồi gửi",                    \
      "The PDF contains JavaScript; print it to a new PDF and send that")                          \
    X(ACTION, "action", "PDF có lệnh mở chương trình hoặc gửi dữ liệu; hãy in ra PDF mới rồi gửi", \
      "The PDF starts programs or sends data; print it to a new PDF and send that")                \
    X(FILES_INSIDE, "files-inside", "PDF có tệp khác đính kèm bên trong; hãy gửi riêng từng tệp",  \
      "The PDF has other files inside; send each file by itself")                                  \
    X(XFA, "xfa", "PDF là biểu mẫu động (XFA); hãy in ra PDF mới rồi gửi",                         \
      "The PDF is a dynamic form (XFA); print it to a new PDF and send that")                      \
    X(MIXED, "mixed", "Tệp vừa là PDF vừa chứa dữ liệu khác; hãy in ra PDF mới rồi gửi",           \
      "The file is a PDF and something else besides; print it to a new PDF and send that")         \
    X(TOO_MANY_PAGES, "too-many-pages", "PDF có quá nhiều trang; hãy chia thành nhiều tệp",        \
      "The PDF has too many pages; split it")                                                      \
    X(NO_PAGES, "no-pages", "PDF không có trang nào", "The PDF has no pages")                      \
    X(PAGE_SIZE, "page-size", "PDF có trang với kích thước không hợp lý",                          \
      "A page of the PDF is of an absurd size")                                                    \
    X(NOT_FILM, "not-video", "Tệp này không phải video MP4, MOV hay WebM",                         \
      "This file is no MP4, MOV or WebM video")                                                    \
    X(FILM_KIND, "video-kind",                                                                     \
      "Chưa nhận kiểu mã hóa của video này; hãy quay hoặc lưu lại dạng MP4 (H.264)",               \
      "The video is encoded in a way that is not taken; record or save it as MP4 (H.264)")         \
    X(FILM_SIZE, "video-size", "Khung hình video quá lớn; hãy quay ở mức 1080p hoặc 4K",           \
      "The video's pictures are too large; record it in 1080p or 4K")                              \
    X(FILM_LONG, "video-long", "Video quá dài; hãy cắt ngắn rồi gửi",                              \
      "The video is too long; cut it and send it again")                                           \
    X(NO_PICTURES, "no-pictures", "Tệp này chỉ có tiếng, không có hình",                           \
      "There is sound in this file but no picture")                                                \
    X(FILM_OFF, "video-off", "Máy chủ này không nhận video; hãy gửi ảnh",                          \
      "This server takes no videos; send photos")

/* In the order of enum media_signature_flaw: slug, words vi, words en */
#define MEDIA_FLAWS(X)                                                                             \
    X("none", "Chữ ký hợp lệ", "The signature is valid")                                           \
    X("range", "Chữ ký không bao trùm tài liệu", "The signature does not cover the document")      \
    X("appended", "Tài liệu bị thêm nội dung sau khi ký",                                          \
      "Something was added to the document after it was signed")                                   \
    X("hidden", "Chữ ký trong tệp không phải của tài liệu này",                                    \
      "The signatures in the file are not those of the document")                                  \
    X("form", "Không đọc được dạng chữ ký này", "This form of signature cannot be read")           \
    X("changed", "Tài liệu bị sửa sau khi ký", "The document was changed after it was signed")     \
    X("weak", "Chữ ký dùng thuật toán không còn an toàn",                                          \
      "The signature uses an algorithm that is no longer safe")                                    \
    X("usage", "Chứng thư này không dùng để ký", "The certificate is not one for signing")         \
    X("unknown", "Không rõ ai bảo đảm cho người ký",                                               \
      "Nobody who is trusted vouches for the signer")                                              \
    X("expired", "Chứng thư hết hạn hoặc chưa có hiệu lực khi ký",                                 \
      "The certificate was not in force when it was signed")                                       \
    X("revoked", "Chứng thư đã bị thu hồi", "The certificate was revoked")

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
/* By enum media_signature_flaw (media.h); a number out of the table gives the words of "form". */
const struct media_fault_words *media_signature_words(unsigned flaw);
