#!/usr/bin/env python3
"""A photo as a phone takes it, made on the spot.

    photo.py OUT LAT LON     12 megapixels held upright: Exif orientation 6, a camera, a time, a place
    photo.py --describe IN   {"bytes", "width", "height", "exif"} of a JPEG

The picture is a street lamp in coarse blocks: each block of 8×8 pixels has one colour, so that a
baseline JPEG (ITU-T T.81) needs no more than the first coefficient of each block.
"""
import json
import math
import struct
import sys

WIDTH, HEIGHT = 4000, 3000
STEP = 16  # every quantizer; the first coefficient is 8 times the mean: a unit of it is 2 of 255

# Annex K.3.1: code lengths of the categories of luminance differences; of the run lengths only "end of
# block" is used, the first code of two bits.
DC_COUNTS, DC_VALUES = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]), bytes(range(12))
AC_COUNTS, AC_VALUES = bytes([0, 1] + [0] * 14), b"\x00"
END_OF_BLOCK = "00"


def dc_codes():
    codes, code, at = {}, 0, 0
    for length, count in enumerate(DC_COUNTS, 1):
        for _ in range(count):
            codes[DC_VALUES[at]] = format(code, "0%db" % length)
            code, at = code + 1, at + 1
        code <<= 1
    return codes


def difference_codes():
    """The bits of every difference between neighbours, its end of block included."""
    codes, bits = dc_codes(), {}
    for value in range(-256, 257):
        category = abs(value).bit_length()
        low = value if value > 0 else value + (1 << category) - 1
        tail = format(low, "0%db" % category) if category else ""
        bits[value] = codes[category] + tail + END_OF_BLOCK
    return bits


def scene(x, y):
    """Luma, blue and red difference (0 to 255) of a block: x to the right, y down, each 0 to 1."""
    grain = (int(x * 500) * 7919 + int(y * 375) * 104729) % 13
    if abs(y - 0.42) < 0.012 and x > 0.2:
        return 96 + grain, 128, 128  # the post: the phone was held upright, so it lies
    glow = math.exp(-((x - 0.2) ** 2 * 30 + (y - 0.45) ** 2 * 18))
    if x > 0.82:
        return 60 + grain, 126, 132  # the road
    return 28 + grain + int(190 * glow), 150 - int(46 * glow), 118 + int(30 * glow)


def scan():
    bits, out, last = difference_codes(), [], [0, 0, 0]
    for row in range(HEIGHT // 8):
        for column in range(WIDTH // 8):
            colours = scene(column * 8 / WIDTH, row * 8 / HEIGHT)
            for i, colour in enumerate(colours):
                value = (min(colour, 255) - 128) * 8 // STEP
                out.append(bits[value - last[i]])
                last[i] = value
    text = "".join(out)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")


def marker(kind, body):
    return b"\xff" + bytes([kind]) + struct.pack(">H", len(body) + 2) + body


# --- Exif 2.32: a TIFF of three directories ---------------------------------------------------------

ASCII, SHORT, LONG, RATIONAL = 2, 3, 4, 5


def degrees(value):
    whole = int(value)
    minutes = (value - whole) * 60
    return struct.pack("<6I", whole, 1, int(minutes), 1, int((minutes % 1) * 60 * 100), 100)


def directory(offset, entries):
    """One image file directory and what does not fit its entries. entry: tag, type, count, bytes."""
    head, tail = struct.pack("<H", len(entries)), b""
    beside = offset + 2 + 12 * len(entries) + 4
    for tag, kind, count, data in entries:
        if len(data) > 4:
            where, tail = beside + len(tail), tail + data + b"\x00" * (len(data) % 2)
            data = struct.pack("<I", where)
        head += struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\x00")
    return head + b"\x00" * 4 + tail


def exif(lat, lon):
    def main(exif_at, gps_at):
        return directory(8, [(0x010F, ASCII, 5, b"Tram\0"),
                             (0x0112, SHORT, 1, struct.pack("<H", 6)),
                             (0x8769, LONG, 1, struct.pack("<I", exif_at)),
                             (0x8825, LONG, 1, struct.pack("<I", gps_at))])
    exif_at = 8 + len(main(0, 0))
    taken = directory(exif_at, [(0x9003, ASCII, 20, b"2026:11:24 20:55:30\0")])
    gps_at = exif_at + len(taken)
    place = directory(gps_at, [(1, ASCII, 2, b"N\0"), (2, RATIONAL, 3, degrees(lat)),
                               (3, ASCII, 2, b"E\0"), (4, RATIONAL, 3, degrees(lon))])
    return b"Exif\0\0" + struct.pack("<2sHI", b"II", 42, 8) + main(exif_at, gps_at) + taken + place


def photo(lat, lon):
    frame = struct.pack(">BHHB", 8, HEIGHT, WIDTH, 3)
    frame += b"".join(bytes([i, 0x11, 0]) for i in (1, 2, 3))
    return (b"\xff\xd8" + marker(0xE1, exif(lat, lon))
            + marker(0xDB, b"\x00" + bytes([STEP]) * 64)
            + marker(0xC0, frame)
            + marker(0xC4, b"\x00" + DC_COUNTS + DC_VALUES)
            + marker(0xC4, b"\x10" + AC_COUNTS + AC_VALUES)
            + marker(0xDA, b"\x03" + b"".join(bytes([i, 0]) for i in (1, 2, 3)) + b"\x00\x3f\x00")
            + scan() + b"\xff\xd9")


def describe(data):
    found, at = {"bytes": len(data), "exif": False}, 2
    assert data[:2] == b"\xff\xd8", "not a JPEG"
    while data[at + 1] != 0xDA:
        kind, size = data[at + 1], struct.unpack(">H", data[at + 2:at + 4])[0]
        if kind == 0xE1 and data[at + 4:at + 10] == b"Exif\0\0":
            found["exif"] = True
        if kind in (0xC0, 0xC2):
            found["height"], found["width"] = struct.unpack(">HH", data[at + 5:at + 9])
        at += 2 + size
    return found


if __name__ == "__main__":
    if sys.argv[1] == "--describe":
        with open(sys.argv[2], "rb") as file:
            print(json.dumps(describe(file.read())))
    else:
        with open(sys.argv[1], "wb") as file:
            file.write(photo(float(sys.argv[2]), float(sys.argv[3])))
