#include "picture_list.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <utility>

#include "damage.hpp"
#include "picture.hpp"
#include "presentation_clock.hpp"
#include "pyro/base/clock.hpp"
#include "still_colours.hpp"
#include "still_decoder.hpp"

namespace pyro::capture {
namespace {

constexpr std::uintmax_t largest_picture_bytes = std::uintmax_t{1} << 30;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The run of digits at `at`, without its leading zeros; moves `at` behind it.
std::string_view number_at(std::string_view text, std::size_t& at) {
  while (at < text.size() && text[at] == '0') ++at;
  const std::size_t begin = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return text.substr(begin, at - begin);
}

class PictureList final : public Source {
 public:
  PictureList(std::string name, std::vector<std::filesystem::path> pictures, const SourceOptions& options,
              StopFlag stop)
      : pictures_(std::move(pictures)), loop_(options.loop), stop_(std::move(stop)) {
    info_.name = std::move(name);
    info_.nominal_fps = assumed_fps;
    info_.frame_count_hint = static_cast<std::int64_t>(pictures_.size());
    info_.duration = Seconds{static_cast<double>(pictures_.size()) / assumed_fps};
    info_.container = "pictures";
    info_.stills = true;
  }

  // Looks at the first picture, for its size and so that a lone broken one is told at once.
  Status begin() {
    first_ = read_next();
    if (first_) {
      info_.width = first_->width;
      info_.height = first_->height;
    } else if (auto broken = damage_.verdict(info_.name, 0)) {
      return tl::make_unexpected(std::move(*broken));
    }
    info_.codec = decoder_.codec_name();
    return {};
  }

  [[nodiscard]] const SourceInfo& info() const override { return info_; }
  void interrupt() override { stop_.raise(); }

  Result<std::optional<records::Frame>> next() override {
    if (stop_.raised()) return std::nullopt;
    std::optional<records::Frame> frame = first_ ? std::exchange(first_, std::nullopt) : read_next();
    if (frame) return frame;
    if (stop_.raised()) return std::nullopt;
    if (auto broken = damage_.verdict(info_.name, delivered_)) return tl::make_unexpected(std::move(*broken));
    return std::nullopt;
  }

 private:
  std::optional<records::Frame> read_next() {
    while (!stop_.raised()) {
      if (place_ == pictures_.size()) {
        if (!loop_ || delivered_ == 0) return std::nullopt;
        place_ = 0;
      }
      const std::filesystem::path& path = pictures_[place_++];
      const Seconds time{static_cast<double>(position_++) / assumed_fps};
      auto frame = read(path);
      if (!frame) {
        damage_.add(called(path) + frame.error().message, frame.error().context, delivered_);
        continue;
      }
      frame->index = delivered_++;
      frame->time = time;
      frame->utc = start_ + std::chrono::round<std::chrono::microseconds>(time);
      return std::move(*frame);
    }
    return std::nullopt;
  }

  // For messages that begin with the source's name: which of its pictures.
  [[nodiscard]] std::string called(const std::filesystem::path& path) const {
    return pictures_.size() == 1 ? "the picture " : path.filename().string() + ' ';
  }

  Result<records::Frame> read(const std::filesystem::path& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error) return bad_input("cannot be read", error.message());
    if (size > largest_picture_bytes) return bad_input("is larger than 1 GiB");
    bytes_.resize(size);
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(bytes_.data()), static_cast<std::streamsize>(size));
    if (static_cast<std::uintmax_t>(file.gcount()) != size) return bad_input("cannot be read");
    auto picture = shaper_.take();
    if (auto decoded = decoder_.decode(bytes_, *picture); !decoded) {
      return tl::make_unexpected(std::move(decoded.error()));
    }
    if (!reaches_end(bytes_)) damage_.add(called(path) + "is cut off", "", delivered_);
    auto rgb = colours_.of(bytes_, *picture);
    return shaper_.shape(std::move(picture), {}, std::move(rgb));
  }

  SourceInfo info_;
  std::vector<std::filesystem::path> pictures_;
  bool loop_;
  StopFlag stop_;
  UtcTime start_ = utc_now();
  std::size_t place_ = 0;
  std::int64_t position_ = 0;  // pictures tried, over all rounds
  std::int64_t delivered_ = 0;
  Damage damage_;
  StillDecoder decoder_;
  StillColours colours_;
  PictureShaper shaper_;
  std::vector<std::uint8_t> bytes_;
  std::optional<records::Frame> first_;
};

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const std::string_view x = number_at(a, i);
      const std::string_view y = number_at(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      const char x = lower(a[i++]);
      const char y = lower(b[j++]);
      if (x != y) return static_cast<unsigned char>(x) < static_cast<unsigned char>(y);
    }
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;  // equal but for case or leading zeros: any fixed order
}

Result<std::vector<std::filesystem::path>> pictures_in(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::vector<fs::path> pictures;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code unreadable;
    const fs::path& path = entry->path();
    if (path.filename().native().starts_with('.') || !fs::is_regular_file(path, unreadable)) continue;
    std::array<std::uint8_t, 16> start{};
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(start.data()), static_cast<std::streamsize>(start.size()));
    if (picture_codec(std::span(start).first(static_cast<std::size_t>(file.gcount()))))
      pictures.push_back(path);
  }
  if (error)
    return bad_input("The folder " + folder.string() + " cannot be read; check its rights", error.message());
  if (pictures.empty()) {
    return bad_input("The folder " + folder.string() +
                     " holds no pictures (jpeg, png, webp, bmp); give a folder of pictures, or the video "
                     "files themselves");
  }
  std::sort(pictures.begin(), pictures.end(), [](const fs::path& a, const fs::path& b) {
    return natural_less(a.filename().native(), b.filename().native());
  });
  return pictures;
}

Result<std::unique_ptr<Source>> open_pictures(const std::string& name,
                                              std::vector<std::filesystem::path> pictures,
                                              const SourceOptions& options, const StopFlag& stop) {
  quiet_libav();
  auto list = std::make_unique<PictureList>(name, std::move(pictures), options, stop);
  if (auto begun = list->begin(); !begun) return tl::make_unexpected(std::move(begun.error()));
  return list;
}

}  // namespace pyro::capture
