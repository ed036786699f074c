"""The texts of a PDF, one after the other."""
import re
import sys
import zlib

data = open(sys.argv[1], "rb").read()
for stream in re.findall(rb"stream\n(.*?)\nendstream", data, re.S):
    try:
        text = zlib.decompress(stream)
    except zlib.error:
        continue
    for word in re.findall(rb"\(((?:[^()\\]|\\.)*)\)", text):
        print(word.decode("latin-1"))
