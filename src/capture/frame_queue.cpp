#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "pyro/capture/source.hpp"

namespace pyro::capture {

struct FrameQueue::State {
  State(std::unique_ptr<Source> from, std::size_t capacity)
      : source(std::move(from)), ring(std::max<std::size_t>(capacity, 1)) {}

  void run() {
    for (;;) {
      auto result = source->next();
      records::Frame oldest;  // declared before the lock: its pixels are let go after it
      std::unique_lock lock(mutex);
      if (!result || !*result || stopping) {
        end = std::move(result);
        if (stopping || (end && *end)) end = std::optional<records::Frame>();
        ended = true;
        not_empty.notify_all();
        return;
      }
      if (count == ring.size() && source->info().live) {
        oldest = take();
        ++dropped;
      }
      not_full.wait(lock, [&] { return count < ring.size() || stopping; });
      if (stopping) continue;
      ring[(first + count++) % ring.size()] = std::move(**result);
      not_empty.notify_one();
    }
  }

  // The oldest frame, taken out.
  records::Frame take() {
    records::Frame frame = std::move(ring[first]);
    first = (first + 1) % ring.size();
    --count;
    return frame;
  }

  std::unique_ptr<Source> source;
  std::vector<records::Frame> ring;
  std::size_t first = 0;
  std::size_t count = 0;
  std::int64_t dropped = 0;
  bool stopping = false;
  bool ended = false;
  Result<std::optional<records::Frame>> end = std::optional<records::Frame>();
  std::mutex mutex;
  std::condition_variable not_empty;
  std::condition_variable not_full;
  std::thread thread;
};

FrameQueue::FrameQueue(std::unique_ptr<Source> source, std::size_t capacity)
    : state_(std::make_unique<State>(std::move(source), capacity)) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

FrameQueue::~FrameQueue() {
  stop();
}

Result<std::optional<records::Frame>> FrameQueue::pop() {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  s.not_empty.wait(lock, [&] { return s.count > 0 || s.ended; });
  if (s.count == 0) return s.end;
  std::optional<records::Frame> frame = s.take();
  s.not_full.notify_one();
  return frame;
}

std::int64_t FrameQueue::dropped() const {
  const std::lock_guard lock(state_->mutex);
  return state_->dropped;
}

void FrameQueue::stop() {
  State& s = *state_;
  s.source->interrupt();
  {
    const std::lock_guard lock(s.mutex);
    s.stopping = true;
    while (s.count > 0) s.take();
  }
  s.not_full.notify_all();
  if (s.thread.joinable()) s.thread.join();
}

void FrameQueue::interrupt() {
  state_->source->interrupt();
}

const SourceInfo& FrameQueue::info() const {
  return state_->source->info();
}

}  // namespace pyro::capture
