# cmake -DFOLDER=data -DOUTPUT=shipped.c -P embed.cmake
# Writes the files of programs/shipped.h into one C file as bytes.
set(out "/* Written by programs/embed.cmake. */\n#include \"programs/shipped.h\"\n")
foreach(file calendar.json communes.csv categories.json)
    get_filename_component(name ${file} NAME_WE)
    file(READ ${FOLDER}/${file} bytes HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND out "\nstatic const unsigned char ${name}[] = {\n${bytes}0};\n"
        "const struct shipped shipped_${name} = {(const char *)${name}, sizeof(${name}) - 1};\n")
endforeach()
file(WRITE ${OUTPUT} "${out}")
