#include "pyro/pipeline/walk.hpp"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "people.hpp"
#include "pyro/crop/aligned_crop.hpp"
#include "pyro/signals/expression_reader.hpp"

namespace pyro::pipeline {
namespace {

constexpr std::int64_t kLag = 2;  // frames between a face's landmarks and the region they give
constexpr std::int64_t kSlots =
    6;  // frames between taking one in and letting it out; t − 3 must still be there for t

// Regions whose centres are nearer than this share of their side belong to one face.
constexpr float kSamePlace = 0.3F;

// The networks of one thread.
struct Worker {
  face::FaceFinder finder;
  std::optional<signals::ExpressionReader> expression;
  face::QualityLimits limits;
  std::vector<records::FaceRegion> known;

  static Result<Worker> create(const infer::ModelStore& models, const WalkSettings& settings) {
    Result<face::FaceFinder> finder = face::FaceFinder::create(models, settings.faces);
    if (!finder) return tl::make_unexpected(finder.error());
    Worker worker{std::move(*finder), std::nullopt, settings.quality, {}};
    if (settings.expressions) {
      auto reader = signals::ExpressionReader::create(models, settings.expression_model, settings.head,
                                                      settings.precision);
      if (!reader) return tl::make_unexpected(reader.error());
      worker.expression.emplace(std::move(*reader));
    }
    worker.known.reserve(2 * static_cast<std::size_t>(settings.faces.max_faces));
    return worker;
  }

  // The part of the walk without memory: may run for two frames at the same time, on two workers.
  Status look(const records::Frame& frame, face::Search search, Seen& out) {
    if (Status found = finder.find(frame, known, search, out.faces); !found) return found;
    out.expressions.resize(out.faces.size());
    for (std::size_t i = 0; i < out.faces.size(); ++i) {
      records::FaceMesh& face = out.faces[i];
      face.quality.reason = face::judge_quality(face, limits);
      out.expressions[i] = records::Expression::none();
      if (!expression || face.quality.reason != records::GapReason::none) continue;
      Result<records::Expression> read = expression->read(crop::align(frame, face), face);
      if (!read) return tl::make_unexpected(read.error());
      out.expressions[i] = *read;
    }
    return {};
  }
};

// One frame on its way from the queue to the sink.
struct Slot {
  records::Frame frame;
  Seen seen;
  std::vector<records::FaceRegion> regions;
  face::Search search;
  bool looked = false;
};

// The state of one run, shared by its workers. Frame t lives in slot t mod kSlots from `taken` until `given`.
class Run {
 public:
  Run(const WalkSettings& settings, Seconds memory, capture::FrameQueue& queue, Sink& sink,
      WalkSummary& summary)
      : settings_(settings),
        stills_(queue.info().stills),
        queue_(queue),
        sink_(sink),
        summary_(summary),
        people_(settings, stills_ ? Seconds{0} : memory) {
    for (Slot& slot : slots_) {
      const auto faces = static_cast<std::size_t>(settings.faces.max_faces);
      slot.seen.faces.reserve(faces);
      slot.seen.expressions.reserve(faces);
      slot.regions.reserve(faces);
    }
  }

  void work(Worker& worker) {
    while (const std::optional<std::int64_t> t = take()) {
      Slot& slot = slot_of(*t);
      if (!wait_for_regions(*t, worker.known)) return;
      if (Status looked = worker.look(slot.frame, slot.search, slot.seen); !looked)
        return fail(looked.error());
      slot.regions.clear();
      for (const records::FaceMesh& face : slot.seen.faces) slot.regions.push_back(face::region_of(face));
      give(*t);
    }
  }

  [[nodiscard]] Status outcome() const {
    if (error_) return tl::make_unexpected(*error_);
    return {};
  }

 private:
  Slot& slot_of(std::int64_t t) { return slots_[static_cast<std::size_t>(t % kSlots)]; }

  // The next frame of the queue, in order; nothing at the end. Holding the door while waiting for the decoder
  // is what keeps frames in order.
  std::optional<std::int64_t> take() {
    const std::lock_guard door{door_};
    const std::int64_t t = taken_;
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [&] { return ended_ || given_ > t - kSlots; });
      if (ended_) return std::nullopt;
    }
    Result<std::optional<records::Frame>> next = queue_.pop();
    if (!next) {
      fail_after_frames(next.error());
      return std::nullopt;
    }
    if (!*next) {
      end();
      return std::nullopt;
    }
    Slot& slot = slot_of(t);
    slot.frame = std::move(**next);
    const Seconds every = settings_.look_for_new_faces_every;
    const bool due = t < kLag || std::floor(slot.frame.time / every) != std::floor(last_time_ / every);
    slot.search = stills_ ? face::Search::thorough()
                  : due   ? face::Search::quick(searches_++)
                          : face::Search::nowhere();
    last_time_ = slot.frame.time;
    ++taken_;
    return t;
  }

  // False when the run failed meanwhile.
  bool wait_for_regions(std::int64_t t, std::vector<records::FaceRegion>& known) {
    known.clear();
    if (t < kLag || stills_) return true;
    Slot& earlier = slot_of(t - kLag);
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return failed_ || given_ > t - kLag || earlier.looked; });
    if (failed_) return false;
    known.assign(earlier.regions.begin(), earlier.regions.end());
    // Frames are two interleaved chains: what the other one has found is not sought again.
    if (t > kLag) {
      for (const records::FaceRegion& region : slot_of(t - kLag - 1).regions) {
        const auto near = [&](const records::FaceRegion& other) {
          return std::hypot(region.centre.x - other.centre.x, region.centre.y - other.centre.y) <
                 kSamePlace * region.size;
        };
        if (std::ranges::none_of(known, near)) known.push_back(region);
      }
    }
    Slot& slot = slot_of(t);
    if (known.empty()) slot.search = face::Search::quick(t);
    return true;
  }

  // Marks frame t as looked at, and lets out all frames whose turn has come. Whoever finishes the frame in
  // turn does that for those behind it too, outside the lock, so that the other worker goes on meanwhile.
  void give(std::int64_t t) {
    std::unique_lock lock{mutex_};
    slot_of(t).looked = true;
    changed_.notify_all();
    if (giving_) return;
    giving_ = true;
    while (!failed_ && slot_of(given_).looked) {
      Slot& slot = slot_of(given_);
      lock.unlock();
      Status taken = let_out(slot);
      slot.frame = {};  // its pixels go back to the decoder
      lock.lock();
      slot.looked = false;
      ++given_;
      if (!taken) fail_locked(taken.error());
      changed_.notify_all();
    }
    giving_ = false;
  }

  Status let_out(Slot& slot) {
    const std::span<const records::Observation> faces = people_.meet(slot.frame, slot.seen);
    ++summary_.frames;
    summary_.last_time = slot.frame.time;
    summary_.faces += static_cast<std::int64_t>(slot.seen.faces.size());
    for (const records::Observation& face : faces) {
      ++summary_.gaps[static_cast<std::size_t>(face.face.quality.reason)];
      summary_.valid_faces += face.valid;
    }
    return sink_.take(slot.frame, faces);
  }

  void end() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    changed_.notify_all();
  }
  // The source broke: what came before still goes out.
  void fail_after_frames(const Error& error) {
    const std::lock_guard lock{mutex_};
    error_ = error;
    ended_ = true;
    changed_.notify_all();
  }
  void fail(const Error& error) {
    const std::lock_guard lock{mutex_};
    fail_locked(error);
  }
  void fail_locked(const Error& error) {
    if (!error_) error_ = error;
    ended_ = failed_ = true;
    queue_.interrupt();
    changed_.notify_all();
  }

  const WalkSettings& settings_;
  const bool stills_;  // each picture is searched thoroughly, and none says where to look in another
  capture::FrameQueue& queue_;
  Sink& sink_;
  WalkSummary& summary_;
  People people_;

  std::mutex door_;  // guards the queue's order and what follows
  std::int64_t taken_ = 0, searches_ = 0;
  Seconds last_time_{0};

  std::mutex mutex_;  // guards what follows, and the handing over of slots
  std::condition_variable changed_;
  std::array<Slot, kSlots> slots_;
  std::int64_t given_ = 0;
  bool giving_ = false, ended_ = false, failed_ = false;
  std::optional<Error> error_;
};

}  // namespace

struct Walk::Impl {
  WalkSettings settings;
  std::vector<Worker> workers;
};

Walk::Walk(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Walk::~Walk() = default;
Walk::Walk(Walk&&) noexcept = default;
Walk& Walk::operator=(Walk&&) noexcept = default;

Result<Walk> Walk::create(const infer::ModelStore& models, const WalkSettings& settings) {
  auto impl = std::make_unique<Impl>();
  impl->settings = settings;
  // The second worker's networks load beside the first's: that halves the wait on two cores.
  std::vector<std::future<Result<Worker>>> others;
  for (int i = 1; i < std::clamp(settings.threads, 1, static_cast<int>(kLag)); ++i) {
    others.push_back(std::async(std::launch::async, [&] { return Worker::create(models, settings); }));
  }
  Result<Worker> first = Worker::create(models, settings);
  if (!first) return tl::make_unexpected(first.error());
  impl->workers.push_back(std::move(*first));
  for (auto& other : others) {
    Result<Worker> worker = other.get();
    if (!worker) return tl::make_unexpected(worker.error());
    impl->workers.push_back(std::move(*worker));
  }
  return Walk{std::move(impl)};
}

Status Walk::run(std::unique_ptr<capture::Source> source, Sink& sink, const std::stop_token& stop,
                 WalkSummary& summary) {
  summary = {};
  capture::FrameQueue queue{std::move(source), impl_->settings.queue_frames};
  const std::stop_callback on_stop{stop, [&queue] { queue.interrupt(); }};
  const auto& reader = impl_->workers.front().expression;
  Run run{impl_->settings, reader ? reader->memory() : Seconds{0}, queue, sink, summary};
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < impl_->workers.size(); ++i) {
      others.emplace_back([&run, &worker = impl_->workers[i]] { run.work(worker); });
    }
    run.work(impl_->workers.front());
  }
  summary.dropped = queue.dropped();
  return run.outcome();
}

}  // namespace pyro::pipeline
