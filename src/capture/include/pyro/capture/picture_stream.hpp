// Pictures that come one by one from elsewhere (a browser, a device), as a source. Who is too fast loses
// pictures at the feed, before anything is spent on them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pyro/capture/source.hpp"

namespace pyro::capture {

struct SentPicture {
  std::vector<std::uint8_t> bytes;  // JPEG, PNG, WebP or BMP
  std::int64_t index = 0;           // becomes Frame.index: the sender numbers, upwards
  Seconds time{0};                  // becomes Frame.time
  UtcTime utc{};
};

// The side that the pictures are put in at. Any thread.
class PictureFeed {
 public:
  struct Limits {
    std::size_t waiting = 2;  // more push the oldest out: what is shown is what is now
    std::int64_t pixels =
        std::int64_t{4096} * 4096;  // a larger picture is refused unread (a bomb, most likely)
  };
  // `broken` is called, in the reader's thread, for each picture that cannot be read.
  PictureFeed(Limits limits, std::function<void(std::int64_t index, const Error&)> broken);
  ~PictureFeed();
  PictureFeed(const PictureFeed&) = delete;
  PictureFeed& operator=(const PictureFeed&) = delete;

  // How many pictures were pushed out by this one.
  std::size_t offer(SentPicture picture);
  void end();  // what waits is still read
  // The reading side; once.
  [[nodiscard]] std::unique_ptr<Source> source(std::string name);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pyro::capture
