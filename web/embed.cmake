# cmake -DFOLDER=web -DOUTPUT=web_files.c -P embed.cmake
# Writes the files of FOLDER/*/ into one C file as bytes: path below FOLDER, content type, digest.
file(GLOB paths RELATIVE ${FOLDER} ${FOLDER}/*/*)
list(SORT paths COMPARE STRING)
set(texts)
set(rows)
set(n 0)
foreach(path ${paths})
    if(path MATCHES "[.]html$")
        set(type "text/html; charset=utf-8")
    elseif(path MATCHES "[.]css$")
        set(type "text/css; charset=utf-8")
    elseif(path MATCHES "[.]mjs$")
        set(type "text/javascript; charset=utf-8")
    else()
        message(FATAL_ERROR "web/${path}: neither .html, .css nor .mjs")
    endif()
    file(READ ${FOLDER}/${path} bytes HEX)
    file(SHA256 ${FOLDER}/${path} digest)
    string(SUBSTRING ${digest} 0 32 digest)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND texts "static const unsigned char file_${n}[] = {\n${bytes}0};\n\n")
    string(APPEND rows "    {\"${path}\", \"${type}\", \"\\\"${digest}\\\"\", (const char *)file_${n}, "
        "sizeof(file_${n}) - 1},\n")
    math(EXPR n "${n} + 1")
endforeach()

file(WRITE ${OUTPUT} "/* Written by web/embed.cmake. */
#include \"gateway/web.h\"

${texts}const struct web_file web_files[] = {
${rows}    {0},
};
")
