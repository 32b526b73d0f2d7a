#!/usr/bin/env python3
"""What the architecture promises, checked by reading the sources.

    tests/floors.py [ROOT]        the tree; exit status 1 and one line for each breach
    tests/floors.py --self-test   a made-up tree with one breach of each kind, each of which must be found

The tables below are the rules: the floors from the ground up, the home of each outside library, the
functions that nobody calls, and how long a file and a function may grow.
"""
import pathlib
import re
import sys
import tempfile

# From the ground up. A file includes its own folder and lower rows; folders of one row are strangers.
FLOORS = [
    ["base"],
    ["base/crypto", "base/net"],
    ["schemas"],
    ["store"],
    ["store/sqlite", "store/mongo"],
    ["domain"],  # and every folder in it: among them only circles are refused
    ["push", "media", "pay"],
    ["media/paper", "media/form", "media/video"],  # what tram-papers, tram-forms and tram-videos are made of; tramd links none of it
    ["gateway"],
    ["handlers"],
    ["programs"],
]
# Folders that do not include each other although one stands higher.
STRANGERS = [{"push", "media", "pay", "gateway"}]
# Engines are chosen where the program is put together, and nowhere else.
ENGINES = ("store/sqlite", "store/mongo")

# The header of an outside library (a pattern) and the files that may see it (prefixes).
HOMES = [
    (r"h2o(/.*)?\.h|h2o/.*", ["gateway/"]),
    (r"jwt\.h", ["base/crypto/token.c", "base/crypto/jws.c"]),
    (r"argon2\.h", ["base/"]),
    (r"sodium(/.*)?\.h", ["base/"]),
    (r"fido(/.*)?\.h|cbor(/.*)?\.h", ["base/crypto/webauthn"]),
    (r"curl/.*", ["base/net/"]),
    (r"openssl/.*", ["base/crypto/", "base/net/", "gateway/", "media/paper/"]),
    (r"gd\w*\.h", ["media/"]),
    (r"(jpeglib|jerror|jmorecfg|turbojpeg)\.h", ["media/"]),
    (r"png\w*\.h", ["media/"]),
    (r"libexif/.*", ["media/"]),
    (r"seccomp\.h", ["media/"]),
    (r"(poppler|qpdf/.*)\.h", ["media/paper/"]),
    (r"(cairo(-pdf)?|fontconfig/.*)\.h", ["media/paper/", "media/form/"]),
    (r"(pango/.*|qrencode)\.h", ["media/form/"]),
    (r"sqlite3\.h", ["store/sqlite/"]),
    (r"mongoc(/.*)?\.h", ["store/mongo/"]),
    (r"geos_c\.h", ["domain/area/"]),
    (r"pcre2\.h", ["schemas/"]),
    (r"utf8proc\.h", ["base/"]),
    (r"ini\.h", ["base/"]),
    (r"archive(_entry)?\.h", ["base/zip.c"]),
]

# name, what to call instead, the one file that may
BANNED = [
    ("strcpy", "memcpy with a length, or struct buf", None),
    ("strcat", "struct buf", None),
    ("sprintf", "snprintf, or struct buf", None),
    ("vsprintf", "vsnprintf, or struct buf", None),
    ("strncpy", "memcpy with a length", None),
    ("strncat", "struct buf", None),
    ("gets", "struct buf", None),
    ("sscanf", "strtoll, or a reader that sees every byte", None),
    ("strtok", "strchr and lengths", None),
    ("atoi", "strtol, checked", None),
    ("atol", "strtol, checked", None),
    ("atoll", "strtoll, checked", None),
    ("atof", "strtod, checked", None),
    ("rand", "randombytes", None),
    ("srand", "randombytes", None),
    ("localtime", "base/clock.h", None),
    ("localtime_r", "base/clock.h", None),
    ("gmtime", "base/clock.h", None),
    ("gmtime_r", "base/clock.h", None),
    ("mktime", "base/clock.h", None),
    ("time", "clock_now_ms", "base/clock.c"),
    ("gettimeofday", "clock_now_ms", "base/clock.c"),
    ("alloca", "struct arena", None),
    ("system", "posix_spawn", None),
    ("popen", "posix_spawn", None),
]

FILE_LINES = 450
FUNCTION_LINES = 70
MARKS = ("TO" "DO", "FIX" "ME", "X" "XX")  # in two parts, so that this file has none itself
READ_TOO = ["tests", "bench", "web", "deploy", "dev.d"]  # sizes and marks only
SOURCES = {".c", ".h", ".py", ".mjs", ".js", ".ts", ".tsx", ".css", ".sh", ".cmake"}
MADE = {"web/api.d.ts"}  # by web/types.mjs
NOT_OURS = {"node_modules", "dist", "build", ".git"}

TOPS = sorted({name.split("/")[0] for row in FLOORS for name in row})
RANK = {name: rank for rank, row in enumerate(FLOORS) for name in row}

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
# A struct that is cleaned up at every return, declared without a value.
CLEANED = re.compile(r"CLEANUP\(\w+\)\s*(?:const )?(?:struct \w+|bson_t) (\w+(?:, \w+)*);")
CALL = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(name for name, _, _ in BANNED))


def code_only(text):
    """The text with comments and literals blanked; lines stay where they are."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    return TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def floor_of(folder):
    """The longest row that holds the folder: "domain/case" stands on "domain"."""
    while folder and folder not in RANK:
        folder = folder.rpartition("/")[0]
    return folder


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.breaches = []
        self.edges = {}  # folder -> {folder included: "file:line"}
        self.files = 0

    def breach(self, path, line, words):
        self.breaches.append(f"{path}:{line}: {words}")

    def sources(self, tops):
        for top in tops:
            for path in sorted((self.root / top).rglob("*")):
                relative = path.relative_to(self.root)
                if path.is_file() and not NOT_OURS.intersection(relative.parts) and relative.as_posix() not in MADE:
                    if path.suffix in SOURCES or top == "dev.d":
                        yield relative.as_posix(), path.read_text(encoding="utf-8")

    def check(self):
        for path, text in self.sources(TOPS):
            self.files += 1
            self.check_size(path, text)
            if path.endswith((".c", ".h")):
                self.check_includes(path, text)
                self.check_banned(path, code_only(text))
                self.check_cleaned(path, code_only(text))
        for path, text in self.sources(READ_TOO):
            self.files += 1
            self.check_size(path, text)
        self.check_circles()
        return self.breaches

    def check_includes(self, path, text):
        folder = path.rpartition("/")[0]
        for match in INCLUDE.finditer(text):
            line, header = line_of(text, match.start(2)), match[2]
            if match[1] == "<":
                self.check_home(path, line, header)
            elif not (self.root / header).is_file():
                self.breach(path, line, f'"{header}" is not written from the root')
            else:
                self.check_floor(path, line, folder, header)

    def check_home(self, path, line, header):
        for pattern, homes in HOMES:
            if re.fullmatch(pattern, header) and not any(path.startswith(home) for home in homes):
                self.breach(path, line, f"<{header}> belongs to {' '.join(homes)}")

    def check_floor(self, path, line, folder, header):
        other = header.rpartition("/")[0]
        if other == folder:
            return
        self.edges.setdefault(folder, {}).setdefault(other, f"{path}:{line}")
        mine, theirs = floor_of(folder), floor_of(other)
        if re.search(r"(^|[/_])private\.h$", header):
            self.breach(path, line, f'"{header}" is private to {other}/')
        elif theirs not in RANK:
            self.breach(path, line, f'"{header}" stands on no floor')
        elif RANK[theirs] > RANK[mine] or (RANK[theirs] == RANK[mine] and theirs != mine):
            self.breach(path, line, f'"{header}": {mine} does not stand above {theirs}')
        elif any({mine, theirs} <= strangers for strangers in STRANGERS):
            self.breach(path, line, f'"{header}": {mine} and {theirs} do not know each other')
        elif theirs in ENGINES and mine != theirs and mine != "programs":
            self.breach(path, line, f'"{header}": an engine is known to programs/ only')

    def check_banned(self, path, code):
        for match in CALL.finditer(code):
            name = match[1]
            instead, allowed = next((i, a) for n, i, a in BANNED if n == name)
            if path != allowed:
                self.breach(path, line_of(code, match.start()), f"{name}() is banned: {instead}")

    def check_cleaned(self, path, code):
        """What is released at a return was made before it."""
        for match in CLEANED.finditer(code):
            left = re.compile(r"\breturn\b|^}", re.M).search(code, match.end())
            for name in match[1].split(", "):
                made = re.compile(r"&%s\b" % name).search(code, match.end())
                if not made or (left and left.start() < made.start()):
                    self.breach(path, line_of(code, match.start()), f"{name} may be released before it is made: = {{0}}")

    def check_size(self, path, text):
        lines = text.split("\n")
        if text.count("\n") > FILE_LINES:
            self.breach(path, FILE_LINES, f"{text.count(chr(10))} lines; at most {FILE_LINES}")
        for match in re.finditer(r"\b(%s)\b" % "|".join(MARKS), text):
            self.breach(path, line_of(text, match.start()), f"{match[1]}: finish it, or file an issue")
        if path.endswith((".c", ".h")):
            self.check_functions(path, lines)

    def check_functions(self, path, lines):
        start = None
        for number, line in enumerate(lines, 1):
            if line.startswith("{"):
                start = number
            elif line.startswith("}") and start:
                if number - start + 1 > FUNCTION_LINES:
                    self.breach(path, start, f"function of {number - start + 1} lines; at most {FUNCTION_LINES}")
                start = None

    def check_circles(self):
        done = set()

        def walk(folder, trail):
            if folder in trail:
                circle = trail[trail.index(folder):] + [folder]
                where = self.edges[circle[0]][circle[1]]
                self.breaches.append(f"{where}: circle of folders: {' -> '.join(circle)}")
                return
            if folder in done:
                return
            for other in sorted(self.edges.get(folder, {})):
                walk(other, trail + [folder])
            done.add(folder)

        for folder in sorted(self.edges):
            walk(folder, [])


# A path, its text, and a piece of the one line that must be said of it (None: nothing may be said).
SELF_TEST = [
    ("base/ok.h", "/* strcpy( in a comment */\n", None),
    ("base/net/ok.h", "", None),
    ("store/private.h", "", None),
    ("store/sqlite/ok.h", "", None),
    ("domain/report/ok.h", "", None),
    ("media/ok.h", "", None),
    ("push/ok.h", "", None),
    ("gateway/ok.h", "#include <h2o.h>\n", None),
    ("handlers/fine.c", '#include "gateway/ok.h"\n#include "base/ok.h"\nx = "atoi(";\ny->time(1);\n', None),
    ("programs/fine.c", '#include "store/sqlite/ok.h"\n#include "media/ok.h"\n', None),
    ("base/clock.c", "int64_t t = time(NULL);\n", None),
    ("base/up.c", '#include "base/net/ok.h"\n', "base does not stand above base/net"),
    ("base/crypto/side.c", '#include "base/net/ok.h"\n', "base/crypto does not stand above base/net"),
    ("store/high.c", '#include "domain/report/ok.h"\n', "store does not stand above domain"),
    ("push/stranger.c", '#include "media/ok.h"\n', "push does not stand above media"),
    ("gateway/stranger.c", '#include "push/ok.h"\n', "gateway and push do not know each other"),
    ("handlers/engine.c", '#include "store/sqlite/ok.h"\n', "an engine is known to programs/ only"),
    ("handlers/nosy.c", '#include "store/private.h"\n', "is private to store/"),
    ("base/relative.c", '#include "ok.h"\n', "is not written from the root"),
    ("base/adrift.c", '#include "tests/helper.h"\n', "stands on no floor"),
    ("tests/helper.h", "", None),
    ("handlers/h2o.c", "#include <h2o.h>\n", "<h2o.h> belongs to gateway/"),
    ("base/crypto/other.c", "#include <jwt.h>\n", "<jwt.h> belongs to base/crypto/token.c"),
    ("push/curl.c", "#include <curl/curl.h>\n", "<curl/curl.h> belongs to base/net/"),
    ("store/sqlite.c", "#include <sqlite3.h>\n", "<sqlite3.h> belongs to store/sqlite/"),
    ("base/copy.c", "strcpy(a, b);\n", "strcpy() is banned"),
    ("base/now.c", "x = time(NULL);\n", "time() is banned"),
    ("base/shell.c", "if (system (s))\n", "system() is banned"),
    ("base/cleaned.c", "CLEANUP(r) struct buf b;\nif (x)\n    return 1;\nf(&b);\n", "b may be released before it is made"),
    ("base/second.c", "CLEANUP(r) struct buf a, b;\nf(&a);\nif (x)\n    return 1;\nf(&b);\n", "b may be released before it is made"),
    ("base/made.c", "CLEANUP(r) struct buf b;\nf(&b);\nif (x)\n    return 1;\n", None),
    ("base/empty.c", "CLEANUP(r) struct buf b = {0};\nif (x)\n    return 1;\nf(&b);\n", None),
    ("domain/a/a.h", '#include "domain/b/b.h"\n', "circle of folders: domain/a -> domain/b -> domain/a"),
    ("domain/b/b.h", '#include "domain/a/a.h"\n', None),
    ("base/long.c", "\n" * (FILE_LINES + 1), f"{FILE_LINES + 1} lines; at most"),
    ("base/longest.c", "\n" * FILE_LINES, None),
    ("base/function.c", "int f(void)\n{\n" + "    g();\n" * (FUNCTION_LINES - 1) + "}\n", "function of"),
    ("base/screen.c", "int f(void)\n{\n" + "    g();\n" * (FUNCTION_LINES - 2) + "}\n", None),
    ("tests/mark.py", "# " + MARKS[0] + " later\n", MARKS[0]),
    ("base/mark.c", "/* " + MARKS[1] + " */ mkdtemp(\"" + MARKS[2] * 2 + '");\n', MARKS[1]),
]


def self_test():
    failed = 0
    with tempfile.TemporaryDirectory() as root:
        for path, text, _ in SELF_TEST:
            file = pathlib.Path(root) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        breaches = Tree(root).check()
    for path, _, expected in SELF_TEST:
        said = [line for line in breaches if line.startswith(path + ":")]
        if (len(said) != 1 or expected not in said[0]) if expected else said:
            failed += 1
            print(f"floors self-test: {path}: expected {expected or 'nothing'}, found {said}")
    print(f"floors self-test: {len(SELF_TEST) - failed} passed, {failed} failed")
    return failed


def main(arguments):
    if arguments == ["--self-test"]:
        return 1 if self_test() else 0
    tree = Tree(arguments[0] if arguments else pathlib.Path(__file__).resolve().parent.parent)
    breaches = tree.check()
    for line in breaches:
        print(line)
    print(f"floors: {tree.files - len({b.split(':')[0] for b in breaches})} passed, "
          f"{len({b.split(':')[0] for b in breaches})} failed")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
