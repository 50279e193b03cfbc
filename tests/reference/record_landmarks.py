"""Records what Google's FaceLandmarker says about known pictures, as reference values for our own mesh.

    python record_landmarks.py --shared DIR_OF_SHARED_DATA --home .pyrometer --out tests/golden

Pictures are decoded by Pillow (libjpeg-turbo), frames by the ffmpeg program with its default conversion, which is also what
OpenCV gives; the sha256 of the RGB bytes the referee saw is stored with the values: a test that decodes other bytes
compares something else.
"""

import argparse
import hashlib
import json
import subprocess
from pathlib import Path

import mediapipe as mp
import numpy as np
import PIL
from PIL import Image
from mediapipe.tasks.python import BaseOptions, vision

FFMPEG_RGB = ["-pix_fmt", "rgb24"]
STILL_FRAMES = [("videos/pyfeat_wolfganglanger.mp4", n) for n in (0, 100, 250, 400)]
STILL_FRAMES += [("videos/lp_d0.mp4", 50), ("videos/hdtf_wda_aoc.mp4", 50), ("videos/lp_d6.mp4", 300), ("videos/lp_d9.mp4", 200),
                 ("videos/lp_d20.mp4", 100), ("videos/pyfeat_single_face.mp4", 60), ("videos/pyfeat_face_noface.mov", 30)]
TRACKED = ["videos/lp_d0.mp4", "videos/pyfeat_single_face.mp4"]
TRACKED_FRAMES = 120
TRACKED_STEP = 5  # every frame is tracked, the landmarks of each fifth are written


def size_of(path):
    probe = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height",
                            "-of", "csv=p=0", str(path)], capture_output=True, text=True, check=True)
    width, height = probe.stdout.strip().strip(",").split(",")[:2]
    return int(width), int(height)


def rgb_frames(path, count):
    width, height = size_of(path)
    decoded = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-vsync", "passthrough", "-frames:v", str(count),
                              *FFMPEG_RGB, "-f", "rawvideo", "-"], capture_output=True, check=True)
    return np.frombuffer(decoded.stdout, np.uint8).reshape(-1, height, width, 3)


def still_rgb(path):
    return np.asarray(Image.open(path).convert("RGB"))


def timestamps_ms(path):
    probe = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                            "frame=best_effort_timestamp_time", "-of", "csv=p=0", str(path)],
                           capture_output=True, text=True, check=True)
    return [round(1000 * float(line.strip(","))) for line in probe.stdout.split()]


def landmarker(bundle, mode, num_faces):
    return vision.FaceLandmarker.create_from_options(vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(bundle)), running_mode=mode, num_faces=num_faces,
        output_face_blendshapes=True, output_facial_transformation_matrixes=True))


def faces_of(result, width, height, with_landmarks=True):
    faces = []
    for landmarks, shapes, matrix in zip(result.face_landmarks, result.face_blendshapes,
                                         result.facial_transformation_matrixes):
        face = {}
        if with_landmarks:
            # z is scaled like x: the runtime gives it in units of the picture's width
            face["landmarks_px"] = [round(float(v), 3) for p in landmarks
                                    for v in (p.x * width, p.y * height, p.z * width)]
        face["blendshapes"] = [round(c.score, 6) for c in shapes]
        face["face_from_canonical"] = [round(float(v), 5) for v in np.asarray(matrix).reshape(-1)]
        faces.append(face)
    return faces


def picture(rgb):
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))


def still(name, frame, rgb, many, one):
    height, width = rgb.shape[:2]
    faces = faces_of(many.detect(picture(rgb)), width, height)
    entry = {"file": name, "frame": frame, "width": width, "height": height,
             "rgb_sha256": hashlib.sha256(rgb.tobytes()).hexdigest(), "faces": faces}
    alone = faces_of(one.detect(picture(rgb)), width, height)
    if alone:
        apart = [float(np.abs(np.subtract(alone[0]["landmarks_px"], f["landmarks_px"])).max()) for f in faces]
        entry["num_faces_1"] = {"same_as_face": int(np.argmin(apart)), "max_diff_px": round(min(apart), 4)}
    print(f"{name} frame {frame}: {len(faces)} faces {entry.get('num_faces_1')}", flush=True)
    return entry


def tracked(name, path, bundle):
    """VIDEO mode on each frame beside itself, so that two faces are there and num_faces=2 is reached: only then does the
    runtime neither smooth the landmarks (it does with num_faces=1) nor ask the detector again (it does while a face is
    missing), and every region but the first comes from the previous landmarks."""
    frames = rgb_frames(path, TRACKED_FRAMES)
    frames = np.concatenate([frames, frames], axis=2)
    stamps = timestamps_ms(path)
    height, width = frames.shape[1:3]
    entries = []
    with landmarker(bundle, vision.RunningMode.VIDEO, 2) as video:
        for i, rgb in enumerate(frames):
            result = video.detect_for_video(picture(rgb), stamps[i])
            entry = {"frame": i, "time_ms": stamps[i], "faces": faces_of(result, width, height, i % TRACKED_STEP == 0)}
            if i % TRACKED_STEP == 0:
                entry["rgb_sha256"] = hashlib.sha256(rgb.tobytes()).hexdigest()
            entries.append(entry)
    print(f"{name}: {len(entries)} frames, {sum(len(e['faces']) for e in entries)} faces", flush=True)
    return {"file": name, "width": width, "height": height, "layout": "frame beside itself", "num_faces": 2, "frames": entries}


def write(path, value):
    path.write_text(json.dumps(value, separators=(",", ":")).replace('{"file"', '\n{"file"').replace('{"frame"', '\n{"frame"')
                    + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--shared", type=Path, required=True)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    bundle = options.home / "models/face_landmarker/face_landmarker.task"
    ffmpeg = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True).stdout.split()[2]
    about = {"runtime": f"mediapipe {mp.__version__}", "bundle_sha256": hashlib.sha256(bundle.read_bytes()).hexdigest(),
             "decoder": f"videos: ffmpeg {ffmpeg} " + " ".join(FFMPEG_RGB) + f"; pictures: Pillow {PIL.__version__}", "landmarks": "478 x (x, y, z) in pixels, z scaled like x",
             "face_from_canonical": "4x4 row-major, centimetres", "min_confidences": 0.5}

    with landmarker(bundle, vision.RunningMode.IMAGE, 8) as many, landmarker(bundle, vision.RunningMode.IMAGE, 1) as one:
        demo = options.home / "demo/astronaut.png"
        shapes = [c.category_name for c in many.detect(picture(still_rgb(demo))).face_blendshapes[0]]
        photos = [still("demo/astronaut.png", 0, still_rgb(demo), many, one)]
        for path in sorted((options.shared / "photos").iterdir()):
            if path.suffix in (".jpg", ".png") and path.stem != "skimage_astronaut":
                photos.append(still(f"photos/{path.name}", 0, still_rgb(path), many, one))
        for name, frame in STILL_FRAMES:
            photos.append(still(name, frame, rgb_frames(options.shared / name, frame + 1)[frame], many, one))
    write(options.out / "landmarks_still.json", {"about": about | {"mode": "IMAGE, num_faces 8"}, "blendshape_names": shapes,
                                                 "items": photos})
    videos = [tracked(name, options.shared / name, bundle) for name in TRACKED]
    write(options.out / "landmarks_tracked.json", {"about": about | {"mode": "VIDEO, num_faces 2"},
                                                   "blendshape_names": shapes, "items": videos})


if __name__ == "__main__":
    main()
