#include "pyro/capture/picture_stream.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "av_input.hpp"
#include "picture.hpp"
#include "still_colours.hpp"
#include "still_decoder.hpp"
#include "unit_decoder.hpp"

namespace pyro::capture {

std::optional<Coding> coding_named(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames{"jpeg", "h264", "vp8", "webm", "mp4"};
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Coding>(found - kNames.begin());
}

struct PictureFeed::State {
  Limits limits;
  Broken broken;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<SentPicture> waiting;
  std::size_t encoded_bytes = 0;  // of those
  std::size_t let_go = 0;         // since the sender was told
  bool lost = false;              // pieces are missing: the next must stand alone
  bool ended = false;             // by the sender: what waits is still read
  bool interrupted = false;       // by the reader: nothing more is
  std::atomic<std::int64_t> last_index{-1};

  // With the lock held. False: it is let go.
  bool put(SentPicture picture) {
    if (picture.coding == Coding::picture) {
      while (waiting.size() >= limits.waiting) pop_front();
    } else {
      if (encoded_bytes + picture.bytes.size() > limits.encoded_bytes) {
        while (!waiting.empty()) pop_front();
        lost = true;
      }
      if (lost) {
        lost = !(is_container(picture.coding) ? begins_file(picture.coding, picture.bytes)
                                              : stands_alone(picture.coding, picture.bytes)) ||
               picture.bytes.size() > limits.encoded_bytes;
        if (lost) return false;
      }
      encoded_bytes += picture.bytes.size();
    }
    waiting.push_back(std::move(picture));
    return true;
  }
  SentPicture taken() {
    SentPicture picture = std::move(waiting.front());
    waiting.pop_front();
    if (picture.coding != Coding::picture) encoded_bytes -= picture.bytes.size();
    return picture;
  }

 private:
  void pop_front() {
    (void)taken();
    ++let_go;
  }
};

namespace {

// A stream without a picture for this long is none that anybody makes, and would fill the memory.
constexpr std::size_t kMostBytesForAPicture = std::size_t{16} << 20;

template <typename State>
class FedSource final : public Source {
 public:
  FedSource(std::shared_ptr<State> state, std::string name) : state_(std::move(state)) {
    info_.name = std::move(name);
    // Not live to FrameQueue: it would drop decoded frames where the feed has dropped undecoded ones.
    info_.container = "pictures as they come";
    decoder_.refuse_above(state_->limits.pixels);
  }
  ~FedSource() override { stop(); }
  FedSource(const FedSource&) = delete;
  FedSource& operator=(const FedSource&) = delete;

  [[nodiscard]] const SourceInfo& info() const override { return info_; }
  void interrupt() override { stop(); }

  Result<std::optional<records::Frame>> next() override {
    for (;;) {
      Result<std::optional<records::Frame>> frame = file_ ? of_file() : of_picture();
      if (!frame) {
        report(frame.error());
        continue;
      }
      if (*frame) {
        last_time_ = (*frame)->time;
        state_->last_index = (*frame)->index;
        return frame;
      }
      if (over_) return std::nullopt;
    }
  }

 private:
  void stop() {
    const std::lock_guard lock{state_->mutex};
    state_->interrupted = true;
    stop_.raise();
    state_->changed.notify_all();
  }

  void report(const Error& error) {
    if (reported_ == current_.index) return;  // once for each piece, whatever else is wrong with it
    reported_ = current_.index;
    if (state_->broken) state_->broken(current_.index, current_.coding, error);
  }

  // Waits for what comes next. False: nothing more does.
  bool take() {
    std::unique_lock lock{state_->mutex};
    wait(lock);
    if (state_->interrupted || state_->waiting.empty()) return false;
    current_ = state_->taken();
    return true;
  }
  void wait(std::unique_lock<std::mutex>& lock) {
    state_->changed.wait(lock,
                         [this] { return state_->interrupted || state_->ended || !state_->waiting.empty(); });
  }
  // Whether there is something newer than what has just been decoded.
  bool behind() {
    const std::lock_guard lock{state_->mutex};
    if (state_->waiting.empty()) return false;
    ++state_->let_go;
    return true;
  }

  // nullopt: the picture gave none, or nothing more comes (over_).
  Result<std::optional<records::Frame>> of_picture() {
    if (!take()) {
      over_ = true;
      return std::nullopt;
    }
    if (is_container(current_.coding)) {
      if (Status begun = begin_file(); !begun) return tl::make_unexpected(begun.error());
      return std::nullopt;
    }
    auto decoded = shaper_.take();
    // A file that came before may have numbered more than its sender knew of.
    if (current_.index <= state_->last_index) return std::nullopt;
    records::Frame place;
    place.index = current_.index, place.time = current_.time, place.utc = current_.utc;
    if (current_.coding == Coding::picture) {
      if (Status good = decoder_.decode(current_.bytes, *decoded); !good)
        return tl::make_unexpected(good.error());
      if (state_->limits.exact_colours) {
        auto rgb = colours_.of(current_.bytes, *decoded);
        return shaped(std::move(decoded), place, std::move(rgb));
      }
    } else {
      const Result<bool> there = of_unit(*decoded, place);
      if (!there) return tl::make_unexpected(there.error());
      if (!*there || behind()) return std::nullopt;
    }
    return shaped(std::move(decoded), place);
  }

  // The decoder may give the picture of an earlier unit.
  Result<bool> of_unit(AVFrame& into, records::Frame& place) {
    if (!units_ || units_->coding() != current_.coding)
      units_.emplace(current_.coding, state_->limits.pixels);
    constexpr std::size_t kMostHeldBack = 32;
    held_back_.push_back(place);
    if (held_back_.size() > kMostHeldBack) held_back_.pop_front();
    Result<bool> there = units_->decode(current_.bytes, current_.index, into);
    if (!there) held_back_.clear();
    if (!there || !*there) return there;
    while (!held_back_.empty() && held_back_.front().index < into.pts) held_back_.pop_front();
    if (held_back_.empty() || held_back_.front().index != into.pts || into.pts <= state_->last_index)
      return false;
    place = held_back_.front();
    held_back_.pop_front();
    return true;
  }

  Result<std::optional<records::Frame>> shaped(std::shared_ptr<AVFrame> decoded, const records::Frame& place,
                                               std::shared_ptr<AVFrame> rgb = nullptr) {
    Result<records::Frame> frame = shaper_.shape(std::move(decoded), {}, std::move(rgb));
    if (!frame) return tl::make_unexpected(frame.error());
    frame->index = place.index;
    frame->time = std::max(place.time, last_time_ + Seconds{1e-3});
    frame->utc = place.utc;
    return std::optional<records::Frame>(std::move(*frame));
  }

  // From the piece that has just been taken on. Waits until there are enough of them to know what it is.
  Status begin_file() {
    if (!begins_file(current_.coding, current_.bytes))
      return bad_input("is no beginning: send the file's first piece first");
    first_ = records::Frame{};
    first_.index = std::max(current_.index, state_->last_index + 1);
    first_.time = current_.time, first_.utc = current_.utc;
    read_ = read_since_picture_ = 0;
    AvInputSpec spec;
    spec.kind = AvInputSpec::Kind::bytes;
    spec.name = info_.name;
    spec.format = current_.coding == Coding::webm ? "matroska" : "mov";
    spec.settings = {{"probesize", "131072"}, {"analyzeduration", "100000"}, {"fpsprobesize", "0"}};
    spec.most_pixels = state_->limits.pixels;
    spec.bytes = [this](std::uint8_t* out, int size) { return read(out, size); };
    spec.complained = [this] { report(bad_input("is damaged").value()); };
    auto opened = open_av_input(spec, {}, stop_);
    if (!opened) return tl::make_unexpected(opened.error());
    file_ = std::move(*opened);
    return {};
  }

  // What libav asks for. 0: the file ends here, as another begins or something else comes.
  int read(std::uint8_t* out, int size) {
    if (read_ == current_.bytes.size()) {
      std::unique_lock lock{state_->mutex};
      wait(lock);
      if (state_->interrupted) return AVERROR_EXIT;
      if (state_->waiting.empty()) return 0;
      const SentPicture& next = state_->waiting.front();
      if (next.coding != current_.coding || begins_file(next.coding, next.bytes)) return 0;
      current_ = state_->taken();
      read_ = 0;
    }
    const std::size_t count = std::min(static_cast<std::size_t>(size), current_.bytes.size() - read_);
    read_since_picture_ += count;
    if (read_since_picture_ > kMostBytesForAPicture) return AVERROR_INVALIDDATA;
    std::copy_n(current_.bytes.begin() + static_cast<std::ptrdiff_t>(read_), count, out);
    read_ += count;
    return static_cast<int>(count);
  }

  Result<std::optional<records::Frame>> of_file() {
    Result<std::optional<records::Frame>> frame = file_->next();
    if (!frame || !*frame) {
      file_.reset();
      return frame;
    }
    read_since_picture_ = 0;
    if (behind()) return std::nullopt;
    const Seconds since = (*frame)->time;
    (*frame)->index = std::max(first_.index, state_->last_index + 1);
    (*frame)->time = std::max(first_.time + since, last_time_ + Seconds{1e-3});
    (*frame)->utc = first_.utc + std::chrono::round<std::chrono::microseconds>(since);
    return frame;
  }

  std::shared_ptr<State> state_;
  SourceInfo info_;
  StopFlag stop_;
  StillDecoder decoder_;
  StillColours colours_;
  PictureShaper shaper_;
  std::optional<UnitDecoder> units_;
  std::deque<records::Frame> held_back_;  // places, without pixels, of units whose pictures are to come
  SentPicture current_;
  std::int64_t reported_ = -1;
  std::size_t read_ = 0, read_since_picture_ = 0;  // bytes of the current piece; of the file
  records::Frame first_;                           // the place of the file's first picture
  Seconds last_time_{-1};
  bool over_ = false;
  std::unique_ptr<Source> file_;  // last: it reads through the others
};

}  // namespace

PictureFeed::PictureFeed(Limits limits, Broken broken) : state_(std::make_shared<State>()) {
  state_->limits = limits;
  state_->broken = std::move(broken);
}
PictureFeed::~PictureFeed() {
  end();
}

std::size_t PictureFeed::offer(SentPicture picture) {
  const std::int64_t index = picture.index;
  const Coding coding = picture.coding;
  std::unique_lock lock{state_->mutex};
  const bool lost_before = state_->lost;
  if (!state_->put(std::move(picture))) ++state_->let_go;
  const bool lost_now = state_->lost && !lost_before;
  state_->changed.notify_one();
  const std::size_t let_go = std::exchange(state_->let_go, 0);
  lock.unlock();
  if (lost_now && state_->broken)
    state_->broken(index, coding, failed("is let go, as too much waits: begin anew").value());
  return let_go;
}

void PictureFeed::end() {
  const std::lock_guard lock{state_->mutex};
  state_->ended = true;
  state_->changed.notify_all();
}

std::int64_t PictureFeed::last_index() const {
  return state_->last_index;
}

std::unique_ptr<Source> PictureFeed::source(std::string name) {
  return std::make_unique<FedSource<State>>(state_, std::move(name));
}

}  // namespace pyro::capture
