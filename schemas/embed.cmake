# cmake -DFOLDER=schemas -DOUTPUT=builtin_table.c -P embed.cmake
# Writes every FOLDER/NAME.json into one C file as bytes; sorted by name as strcmp does.
file(GLOB paths ${FOLDER}/*.json)
set(names)
foreach(path ${paths})
    get_filename_component(name ${path} NAME_WLE)
    if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
        message(FATAL_ERROR "${path}: a built-in schema is named by a-z, 0-9 and _")
    endif()
    list(APPEND names ${name})
endforeach()
list(SORT names COMPARE STRING)

set(texts)
set(rows)
foreach(name ${names})
    file(READ ${FOLDER}/${name}.json bytes HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND texts "static const unsigned char text_${name}[] = {\n${bytes}0};\n\n")
    string(APPEND rows
        "    {\"${name}\", (const char *)text_${name}, sizeof(text_${name}) - 1},\n")
endforeach()

file(WRITE ${OUTPUT} "/* Written by schemas/embed.cmake. */
#include \"schemas/builtin_table.h\"

${texts}const struct schema_builtin_text schema_builtin_table[] = {
${rows}    {0},
};

const size_t schema_builtin_count =
    sizeof(schema_builtin_table) / sizeof(schema_builtin_table[0]) - 1;
")
