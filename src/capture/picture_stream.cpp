#include "pyro/capture/picture_stream.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "picture.hpp"
#include "still_decoder.hpp"

namespace pyro::capture {

struct PictureFeed::State {
  Limits limits;
  std::function<void(std::int64_t, const Error&)> broken;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<SentPicture> waiting;
  bool ended = false;        // by the sender: what waits is still read
  bool interrupted = false;  // by the reader: nothing more is
};

namespace {

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
    while (std::optional<SentPicture> picture = take()) {
      Result<records::Frame> frame = decode(*picture);
      if (frame) return std::optional<records::Frame>(std::move(*frame));
      if (state_->broken) state_->broken(picture->index, frame.error());
    }
    return std::nullopt;
  }

 private:
  void stop() {
    const std::lock_guard lock{state_->mutex};
    state_->interrupted = true;
    state_->changed.notify_all();
  }

  std::optional<SentPicture> take() {
    std::unique_lock lock{state_->mutex};
    state_->changed.wait(lock,
                         [this] { return state_->interrupted || state_->ended || !state_->waiting.empty(); });
    if (state_->interrupted || state_->waiting.empty()) return std::nullopt;
    SentPicture picture = std::move(state_->waiting.front());
    state_->waiting.pop_front();
    return picture;
  }

  Result<records::Frame> decode(const SentPicture& picture) {
    auto decoded = shaper_.take();
    if (Status good = decoder_.decode(picture.bytes, *decoded); !good)
      return tl::make_unexpected(good.error());
    Result<records::Frame> frame = shaper_.shape(std::move(decoded), {});
    if (!frame) return frame;
    frame->index = picture.index;
    frame->time = picture.time;
    frame->utc = picture.utc;
    return frame;
  }

  std::shared_ptr<State> state_;
  SourceInfo info_;
  StillDecoder decoder_;
  PictureShaper shaper_;
};

}  // namespace

PictureFeed::PictureFeed(Limits limits, std::function<void(std::int64_t, const Error&)> broken)
    : state_(std::make_shared<State>()) {
  state_->limits = limits;
  state_->broken = std::move(broken);
}
PictureFeed::~PictureFeed() {
  end();
}

std::size_t PictureFeed::offer(SentPicture picture) {
  const std::lock_guard lock{state_->mutex};
  std::size_t pushed_out = 0;
  while (state_->waiting.size() >= state_->limits.waiting) {
    state_->waiting.pop_front();
    ++pushed_out;
  }
  state_->waiting.push_back(std::move(picture));
  state_->changed.notify_one();
  return pushed_out;
}

void PictureFeed::end() {
  const std::lock_guard lock{state_->mutex};
  state_->ended = true;
  state_->changed.notify_all();
}

std::unique_ptr<Source> PictureFeed::source(std::string name) {
  return std::make_unique<FedSource<State>>(state_, std::move(name));
}

}  // namespace pyro::capture
