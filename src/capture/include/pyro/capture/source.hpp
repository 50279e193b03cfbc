// Everything that shows pictures, behind one Source: files, cameras, network streams, folders of pictures,
// stdin.
//
// Times. Frame.time = (best-effort presentation timestamp - that of the first frame) x time base, so a
// variable frame rate is kept exactly. A timestamp that is missing, does not move forward or jumps by more
// than an hour is replaced by the last time + 1/fps (25 fps where the file tells none); if three in a row are
// unusable, the clock takes its new origin there (streams that were joined or restarted). Pictures of a
// folder and JPEG streams on stdin are 1/25 s apart. Live sources without timestamps of their own are timed
// by their arrival. Frame.utc: the file's creation_time + time, else the start of the run + time; live: the
// clock at arrival. An address without a declared duration counts as live.
//
// Pixels. Planar 8-bit YUV and grey stay the decoder's own memory (alpha is ignored); everything else is
// converted by swscale: other YUV to 8-bit planar with the same subsampling, RGB and palettes to full-range
// 4:4:4 BT.601. High bit depths are rounded to 8 bits as code values: HDR (PQ, HLG) is not tone mapped, its
// luma stays the signal's. Untagged YUV counts as BT.601 limited range, as FFmpeg has it. Rotation and
// mirroring told by the container or by Exif are undone (to the nearest quarter turn); non-square pixels are
// left as they are. A picture file, alone or in a folder, has its exact colours in Frame.rgb besides: a
// JPEG's as libjpeg-turbo decodes them, and so PIL and OpenCV; PNG's, BMP's and lossless WebP's as the file
// has them (alpha ignored, the upper 8 of 16 bits). It is null for grey PNG, lossy WebP, CMYK, bitmaps of
// fewer than 8 bits a colour, whatever libjpeg-turbo finds fault with, and everywhere else (videos, cameras,
// streams).
//
// Damage. What FFmpeg would show is delivered; when the input ends, next() gives one bad_input Error if the
// demuxer stopped, the decoder complained, a frame had to be concealed, or the file is shorter than it
// declares. Live sources go on over decoding errors. Not one frame is an error too.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::capture {

struct SourceInfo {
  std::string name;        // as the user gave it; "stdin" for "-", passwords in addresses hidden
  bool stills = false;     // pictures that stand alone, not moments of one scene
  bool live = false;       // real time: FrameQueue drops the oldest frame rather than wait
  int width = 0;           // px, upright; of the first picture where sizes differ; 0 unknown
  int height = 0;          // px
  double nominal_fps = 0;  // 0 unknown
  std::optional<std::int64_t> frame_count_hint;  // what the container says or implies; for progress bars only
  std::optional<Seconds> duration;
  std::string codec;      // libav's name: "h264", "mjpeg", ...
  std::string container;  // libav's name, or "pictures", "jpeg stream"
};

struct SourceOptions {
  int decode_threads = 1;   // libav's threads; 1: it decodes in the caller's thread
  int camera_width = 1280;  // px, asked of a camera; it may give another size
  int camera_height = 720;
  int camera_fps = 30;
  Seconds retry_for{30};  // how long a lost live source is sought, from its last frame on
  bool loop = false;      // a video file or a folder starts again at its end, times go on; for measurements
  bool realtime = false;  // a file or stdin plays as a live source: paced by its times, utc of the wall clock
  // Raised by the caller (a signal handler may) it interrupts the source, while it is being opened too; may
  // be null. One flag may serve many sources.
  std::shared_ptr<const std::atomic<bool>> stop;
};

class Source {
 public:
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  [[nodiscard]] virtual const SourceInfo& info() const = 0;
  // nullopt: ended well, or interrupted. Error: damage or loss, after all frames before it. One thread at a
  // time.
  [[nodiscard]] virtual Result<std::optional<records::Frame>> next() = 0;
  // From any thread or a signal handler (it only sets a lock-free flag): next() returns nullopt within about
  // 0.2 s, also out of a blocking read, and from then on.
  virtual void interrupt() = 0;

 protected:
  Source() = default;
};

// input: a video file; a picture (jpeg, png, webp, bmp); a folder of pictures (in natural order: 2 before
// 10); "camera:0" or "/dev/video0"; rtsp://, http://, ... (any address of libav's); "-": stdin, a JPEG stream
// or any container. Errors (bad_input) name the input and the way out.
[[nodiscard]] Result<std::unique_ptr<Source>> open(const std::string& input,
                                                   const SourceOptions& options = {});

// The input as it may be shown and stored: an address without its password.
[[nodiscard]] std::string shown_name(const std::string& input);

struct CameraInfo {
  std::string path;                  // "/dev/video0"
  std::string name;                  // as the driver calls it
  std::vector<std::string> formats;  // "Motion-JPEG", "YUYV 4:2:2", ...
  bool readable = false;  // false: there, but without the right to open it; name and formats are empty
};
// The V4L2 devices that capture video, by number; empty where there is none.
[[nodiscard]] std::vector<CameraInfo> list_cameras();

// Decodes on its own thread into a bounded queue. A file waits for the consumer and never drops; a live
// source drops its oldest frame and counts it. pop() may be called from several threads.
class FrameQueue {
 public:
  explicit FrameQueue(std::unique_ptr<Source> source, std::size_t capacity = 8);
  ~FrameQueue();
  FrameQueue(const FrameQueue&) = delete;
  FrameQueue& operator=(const FrameQueue&) = delete;

  // Blocks until a frame is there or the source has ended; frames first, then the source's end (nullopt or
  // its error), again at every later call.
  [[nodiscard]] Result<std::optional<records::Frame>> pop();
  [[nodiscard]] std::int64_t dropped() const;
  // Ends the source; what is queued is let go and pop() returns nullopt. Waits for the decoding thread.
  void stop();
  // As Source::interrupt, safe in a signal handler: what is queued still comes, then nullopt.
  void interrupt();
  [[nodiscard]] const SourceInfo& info() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pyro::capture
