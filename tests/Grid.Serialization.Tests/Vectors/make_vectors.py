#!/usr/bin/env python3
"""Writes vectors.tsv with an independent MessagePack implementation (Debian: apt-get install python3-msgpack).

Each line: the static type that the C# test reads, a tab, the value as JSON, a tab, the bytes in hexadecimal.
Usage: /usr/bin/python3 make_vectors.py > vectors.tsv
"""
import datetime
import json

import msgpack

INTEGERS = [0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2147483647, 2147483648, 4294967295, 4294967296,
            9223372036854775807, -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -9223372036854775808]
STRINGS = ["", "a", "Grid", "x" * 31, "x" * 32, "x" * 255, "x" * 256, "é" * 15, "é" * 16, "日本語", "😀 and more", "é" * 130]
DATES = ["1970-01-01T00:00:00", "2026-11-20T18:30:51", "2026-11-20T18:30:51.123456", "2106-02-07T06:28:16", "1969-12-31T23:59:59", "0001-01-01T00:00:00",
         "9999-12-31T23:59:59", "2514-05-30T01:53:04.000001"]

def line(kind, value, packed):
    print(kind, json.dumps(value, ensure_ascii=True), packed.hex(), sep="\t")

def pack(kind, value):
    line(kind, value, msgpack.packb(value, use_bin_type=True))

for number in INTEGERS:
    pack("long", number)
pack("ulong", 18446744073709551615)
for flag in (True, False):
    pack("bool", flag)
for number in (0.0, 1.5, -2.25, 1e300, 3.141592653589793):
    pack("double", number)
for number in (0.5, -1024.0):
    line("float", number, msgpack.packb(number, use_single_float=True))
for text in STRINGS:
    pack("string", text)
pack("string", None)
for values in ([], ["a"], ["a", None, "é"], [str(i) for i in range(15)], [str(i) for i in range(16)], ["v"] * 300):
    pack("string[]", values)
pack("string[][]", [["a", "b"], [], ["c"]])

for count in (0, 1, 15, 16, 300):
    pack("map<string,long>", {f"key {i}": i * 1000 for i in range(count)})
line("map<long,string>", {"1": "a", "-5": "b"}, msgpack.packb({1: "a", -5: "b"}))
pack("map<string,list<string>>", {"a": ["b", "c"], "d": []})
for length in (0, 1, 255, 256):
    line("byte[]", list(i % 256 for i in range(length)), msgpack.packb(bytes(i % 256 for i in range(length)), use_bin_type=True))
for date in DATES:
    moment = datetime.datetime.fromisoformat(date).replace(tzinfo=datetime.timezone.utc)
    line("DateTime", date, msgpack.packb(moment, datetime=True))
for values in ([1, 2, 3], [], [100000, -7]):
    line("read int[]", values, msgpack.packb(values))
line("read double[]", [0.5, -1.0], msgpack.packb([0.5, -1.0]))
