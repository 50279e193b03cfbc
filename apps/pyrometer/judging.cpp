#include "judging.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "cli.hpp"

namespace pyro::cli {
namespace {

using datasets::Prediction;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void take(const records::Expression& expression, Prediction& said) {
  said.said = expression;
  said.label = static_cast<int>(expression.label());
}

Result<Prediction> prediction_of(StillReader& reader, const datasets::Item& item) {
  Prediction said;
  if (item.face) {
    const auto start = Clock::now();
    const Result<records::Expression> expression = reader.read(*item.face);
    if (!expression) return tl::make_unexpected(expression.error());
    said.latency_ms = ms_since(start);
    take(*expression, said);
    return said;
  }
  const Result<records::Frame> frame = datasets::load_picture(item);
  if (!frame) return tl::make_unexpected(frame.error());
  const auto start = Clock::now();
  const Result<std::vector<StillFace>> faces = reader.read(*frame);
  if (!faces) return tl::make_unexpected(faces.error());
  said.latency_ms = ms_since(start);
  if (faces->empty()) {
    said.missed_because = records::name_of(records::GapReason::no_face);
  } else if (const StillFace& best = faces->front(); best.expression) {
    take(*best.expression, said);
  } else {
    said.missed_because = records::name_of(best.mesh.quality.reason);
  }
  return said;
}

Result<SeenFace> face_of(StillReader& reader, const datasets::Item& item) {
  if (item.face) return SeenFace{item.face};
  const Result<records::Frame> frame = datasets::load_picture(item);
  if (!frame) return tl::make_unexpected(frame.error());
  const Result<std::vector<StillFace>> faces = reader.read(*frame);
  if (!faces) return tl::make_unexpected(faces.error());
  if (faces->empty()) return SeenFace{{}, std::string(records::name_of(records::GapReason::no_face))};
  const StillFace& best = faces->front();
  if (!best.crop) return SeenFace{{}, std::string(records::name_of(best.mesh.quality.reason))};
  return SeenFace{best.crop};
}

// What `one` gives for each picture, with a counter on a terminal.
template <class Answer, class One>
Result<std::vector<Answer>> each_of(const std::vector<datasets::Item>& items, const One& one) {
  const bool shown = isatty(STDERR_FILENO) == 1;
  std::vector<Answer> answers;
  answers.reserve(items.size());
  for (const datasets::Item& item : items) {
    if (interrupted().stop_requested()) break;
    if (shown && answers.size() % 100 == 0)
      std::fprintf(stderr, "\r\033[Kpicture %zu of %zu", answers.size(), items.size());
    Result<Answer> said = one(item);
    if (!said) {
      if (shown) std::fprintf(stderr, "\r\033[K");
      return tl::make_unexpected(said.error());
    }
    answers.push_back(std::move(*said));
  }
  if (shown) std::fprintf(stderr, "\r\033[K");
  return answers;
}

}  // namespace

Result<std::vector<Prediction>> predictions_of(StillReader& reader,
                                               const std::vector<datasets::Item>& items) {
  return each_of<Prediction>(items, [&](const datasets::Item& item) { return prediction_of(reader, item); });
}

Result<std::vector<SeenFace>> faces_of(StillReader& reader, const std::vector<datasets::Item>& items) {
  return each_of<SeenFace>(items, [&](const datasets::Item& item) { return face_of(reader, item); });
}

}  // namespace pyro::cli
