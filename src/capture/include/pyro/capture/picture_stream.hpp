// Pictures that come one by one, or pieces of an encoded stream, from elsewhere (a browser, a device), as a
// source. Who is too fast loses pictures at the feed, before anything is spent on them; of an encoded stream,
// whose pictures need those before them, all are decoded and only the newest is passed on.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/capture/source.hpp"

namespace pyro::capture {

// picture: one whole picture (JPEG, PNG, WebP, BMP). h264: one access unit with start codes (H.264 Annex B).
// vp8: one frame. webm, mp4 (fragmented): any piece of such a file, cut anywhere; a piece that begins with
// the file's first bytes begins another one.
enum class Coding : std::uint8_t { picture, h264, vp8, webm, mp4 };
[[nodiscard]] std::optional<Coding> coding_named(std::string_view name);  // "jpeg" is picture
[[nodiscard]] constexpr bool is_container(Coding coding) {
  return coding == Coding::webm || coding == Coding::mp4;
}

struct SentPicture {
  std::vector<std::uint8_t> bytes;
  // Becomes Frame.index: the sender numbers, upwards. A container's pictures are numbered here, from `index`
  // of its first piece on, after all before them.
  std::int64_t index = 0;
  Seconds time{0};  // becomes Frame.time; of a container's first piece: the time of its first picture
  UtcTime utc{};    // likewise
  Coding coding = Coding::picture;
};

// The side that the pictures are put in at. Any thread.
class PictureFeed {
 public:
  struct Limits {
    std::size_t waiting = 2;  // more push the oldest out: what is shown is what is now
    std::int64_t pixels =
        std::int64_t{4096} * 4096;  // a larger picture is refused unread (a bomb, most likely)
    // Of pieces that wait. Beyond it what waits is let go, and nothing is taken before the next picture that
    // stands alone (a container: the next beginning).
    std::size_t encoded_bytes = std::size_t{8} << 20;
    // Whole pictures have their exact colours in Frame.rgb, as those of files have: decoded a second time,
    // which what is live has no time for.
    bool exact_colours = false;
  };
  // `broken` is called for each picture or piece that cannot be read, in the reader's thread (bad_input), and
  // where too much waited, in the sender's (failed).
  using Broken = std::function<void(std::int64_t index, Coding coding, const Error&)>;
  PictureFeed(Limits limits, Broken broken);
  ~PictureFeed();
  PictureFeed(const PictureFeed&) = delete;
  PictureFeed& operator=(const PictureFeed&) = delete;

  // How many pictures (or pieces) were let go since the last call, for want of time.
  std::size_t offer(SentPicture picture);
  void end();  // what waits is still read
  // The number of the last picture that was given out; −1 before.
  [[nodiscard]] std::int64_t last_index() const;
  // The reading side; once.
  [[nodiscard]] std::unique_ptr<Source> source(std::string name);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pyro::capture
