/**
 * What the process of a slide runs, in Python's own words: it loads OpenSlide
 * by ctypes, opens a slide, and answers each line of its input with a line of
 * JSON and the pixels behind it. It ends with its input.
 *
 * Ctrl-C reaches all processes of a terminal; whether a region is still needed
 * then is its parent's to decide. A file that makes OpenSlide take more memory
 * than `limit` ends the process and nothing else.
 */
export const slideProgram: string = `
import ctypes, json, signal, sys

library, limit = sys.argv[1], int(sys.argv[2])
for name in ("SIGINT", "SIGHUP"):
    if hasattr(signal, name):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
except (ImportError, ValueError, OSError):
    pass  # Windows has none, macOS not this one.


def answer(content, pixels=b""):
    sys.stdout.buffer.write(json.dumps(content).encode() + b"\\n")
    sys.stdout.buffer.write(pixels)
    sys.stdout.buffer.flush()


try:
    slides = ctypes.CDLL(library)
    functions = {
        "get_version": ([], ctypes.c_char_p),
        "open": ([ctypes.c_char_p], ctypes.c_void_p),
        "get_error": ([ctypes.c_void_p], ctypes.c_char_p),
        "get_level_count": ([ctypes.c_void_p], ctypes.c_int32),
        "get_level_dimensions": (
            [ctypes.c_void_p, ctypes.c_int32] + 2 * [ctypes.POINTER(ctypes.c_int64)],
            None,
        ),
        "get_level_downsample": ([ctypes.c_void_p, ctypes.c_int32], ctypes.c_double),
        "get_property_names": ([ctypes.c_void_p], ctypes.POINTER(ctypes.c_char_p)),
        "get_property_value": ([ctypes.c_void_p, ctypes.c_char_p], ctypes.c_char_p),
        "read_region": (
            [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64]
            + [ctypes.c_int32, ctypes.c_int64, ctypes.c_int64],
            None,
        ),
    }
    calls = {}
    for name, (arguments, result) in functions.items():
        calls[name] = getattr(slides, "openslide_" + name)
        calls[name].argtypes, calls[name].restype = arguments, result
except (OSError, AttributeError) as fault:
    answer({"fault": str(fault)})
    sys.exit()
answer({"version": calls["get_version"]().decode()})


def text(value):
    return value.decode("utf-8", "replace") if value is not None else None


def describe(slide):
    levels = []
    for level in range(min(calls["get_level_count"](slide), 1000)):
        width, height = ctypes.c_int64(), ctypes.c_int64()
        calls["get_level_dimensions"](slide, level, width, height)
        downsample = calls["get_level_downsample"](slide, level)
        levels.append([width.value, height.value, downsample])
    properties, names, at = {}, calls["get_property_names"](slide), 0
    while names[at] is not None:
        if names[at].startswith(b"openslide."):
            properties[text(names[at])] = text(calls["get_property_value"](slide, names[at]))
        at += 1
    return {"levels": levels, "properties": properties}


slide = None
for line in sys.stdin.buffer:
    asked = json.loads(line)
    if "open" in asked:
        slide = calls["open"](asked["open"].encode("utf-8", "surrogatepass"))
        if slide is None:
            answer({"unknown": True})
            continue
        error = calls["get_error"](slide)
        answer({"error": text(error)} if error else describe(slide))
        continue
    x, y, level, width, height = asked["read"]
    pixels = bytearray(4 * width * height)
    into = (ctypes.c_char * len(pixels)).from_buffer(pixels)
    calls["read_region"](slide, ctypes.addressof(into), x, y, level, width, height)
    error = calls["get_error"](slide)
    answer({"error": text(error)} if error else {}, b"" if error else pixels)
`;
