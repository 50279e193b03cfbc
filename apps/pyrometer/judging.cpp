#include "judging.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <numeric>

#include "pyro/datasets/fer_votes.hpp"
#include "pyro/datasets/twins.hpp"

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

Result<Prediction> prediction_of(pipeline::StillReader& reader, const datasets::Item& item) {
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
  const Result<std::vector<pipeline::StillFace>> faces = reader.read(*frame);
  if (!faces) return tl::make_unexpected(faces.error());
  said.latency_ms = ms_since(start);
  if (faces->empty()) {
    said.missed_because = records::name_of(records::GapReason::no_face);
  } else if (const pipeline::StillFace& best = faces->front(); best.expression) {
    take(*best.expression, said);
  } else {
    said.missed_because = records::name_of(best.mesh.quality.reason);
  }
  return said;
}

Result<SeenFace> face_of(pipeline::StillReader& reader, const datasets::Item& item) {
  if (item.face) return SeenFace{item.face};
  const Result<records::Frame> frame = datasets::load_picture(item);
  if (!frame) return tl::make_unexpected(frame.error());
  const Result<std::vector<pipeline::StillFace>> faces = reader.read(*frame);
  if (!faces) return tl::make_unexpected(faces.error());
  if (faces->empty()) return SeenFace{{}, std::string(records::name_of(records::GapReason::no_face))};
  const pipeline::StillFace& best = faces->front();
  if (!best.crop) return SeenFace{{}, std::string(records::name_of(best.mesh.quality.reason))};
  return SeenFace{best.crop};
}

// What `one` gives for each picture, with a counter on a terminal.
template <class Answer, class One>
Result<std::vector<Answer>> each_of(const std::vector<datasets::Item>& items, const Pace& pace,
                                    const One& one) {
  const bool shown = isatty(STDERR_FILENO) == 1;
  std::vector<Answer> answers;
  answers.reserve(items.size());
  for (const datasets::Item& item : items) {
    if (interrupted().stop_requested() || pace.stop.stop_requested()) break;
    if (shown && answers.size() % 100 == 0)
      std::fprintf(stderr, "\r\033[Kpicture %zu of %zu", answers.size(), items.size());
    Result<Answer> said = one(item);
    if (!said) {
      if (shown) std::fprintf(stderr, "\r\033[K");
      return tl::make_unexpected(said.error());
    }
    answers.push_back(std::move(*said));
    if (pace.progress) pace.progress(static_cast<double>(answers.size()) / static_cast<double>(items.size()));
  }
  if (shown) std::fprintf(stderr, "\r\033[K");
  return answers;
}

datasets::JudgedItems all_of(std::vector<datasets::Item> items) {
  datasets::JudgedItems judged{std::move(items), {}};
  judged.index.resize(judged.items.size());
  std::iota(judged.index.begin(), judged.index.end(), std::size_t{0});
  return judged;
}

// Pictures that are pixel for pixel in the set `of`.
Status leave_out_twins(const std::string& of, JudgedTask& task) {
  const Result<datasets::Dataset> others = datasets::read_dataset(of);
  if (!others) return tl::make_unexpected(others.error());
  const Result<std::vector<bool>> twins = datasets::exact_twins_in(task.judged.items, others->items);
  if (!twins) return tl::make_unexpected(twins.error());
  datasets::JudgedItems kept;
  for (std::size_t i = 0; i < twins->size(); ++i) {
    if ((*twins)[i]) continue;
    kept.items.push_back(std::move(task.judged.items[i]));
    kept.index.push_back(task.judged.index[i]);
  }
  task.protocol.twins_of = others->name;
  task.protocol.twins_left_out = static_cast<std::int64_t>(twins->size() - kept.items.size());
  task.judged = std::move(kept);
  if (task.judged.items.empty())
    return bad_input("every picture of " + task.protocol.set + " is in " + others->name +
                     ": nothing is left to judge");
  return {};
}

// Labels from the FER+ votes in `votes`, or where that is empty in the CSV beside `dataset`, which had
// `pictures` before any was left out.
Status label_by_votes(const std::string& dataset, const std::string& votes, std::size_t pictures,
                      JudgedTask& task) {
  const std::filesystem::path file =
      votes.empty() ? datasets::votes_beside(dataset) : std::filesystem::path(votes);
  if (file.empty())
    return wrong_use("no CSV with FER+ votes lies beside '" + dataset + "': name it with --votes");
  const auto rows = datasets::read_fer2013_csv(file);
  if (!rows) return tl::make_unexpected(rows.error());
  Result<datasets::JudgedItems> voted = datasets::labelled_by_votes(task.judged, pictures, *rows, file);
  if (!voted) return tl::make_unexpected(voted.error());
  task.protocol.truth = "votes";
  task.protocol.ties_left_out = static_cast<std::int64_t>(task.judged.items.size() - voted->items.size());
  task.judged = std::move(*voted);
  if (task.judged.items.empty()) return bad_input(file.string() + " gives no picture a majority");
  return {};
}

}  // namespace

void add_judged_flags(CLI::App& verb, JudgedFlags& flags, const std::string& names) {
  verb.add_option(names, flags.dataset,
                  "A folder per class, a CSV (path,label), IDX images (48x48), or FER2013's own CSV")
      ->required();
  verb.add_option("--labels", flags.labels, "IDX labels for IDX images; else those beside them");
  verb.add_flag("--cropped", flags.cropped, "Each picture is one cropped face already; nothing is detected");
  verb.add_option("--exclude-twins-of", flags.twins_of,
                  "Leave pictures out that are pixel for pixel in this set: what the model was trained on")
      ->type_name("DATASET");
  verb.add_option("--labels-from", flags.truth,
                  "votes: the majority of FER2013's FER+ votes, contempt left out")
      ->check(CLI::IsMember({"labels", "votes"}))
      ->capture_default_str();
  verb.add_option("--votes", flags.votes, "The CSV with those votes; else the one beside the IDX images")
      ->type_name("CSV");
}

Result<JudgedTask> task_of(const JudgedFlags& flags) {
  Result<datasets::Dataset> set = datasets::read_dataset(flags.dataset, flags.labels);
  if (!set) return tl::make_unexpected(set.error());
  const std::size_t pictures = set->items.size();
  JudgedTask task{all_of(std::move(set->items)), {}, set->labelled};
  task.protocol.set = set->name;
  task.protocol.cropped = flags.cropped || task.judged.items.front().face.has_value();
  if (!flags.twins_of.empty()) {
    if (Status done = leave_out_twins(flags.twins_of, task); !done) return tl::make_unexpected(done.error());
  }
  if (flags.truth == "votes") {
    if (Status done = label_by_votes(flags.dataset, flags.votes, pictures, task); !done)
      return tl::make_unexpected(done.error());
  }
  return task;
}

Result<std::vector<Prediction>> predictions_of(pipeline::StillReader& reader,
                                               const std::vector<datasets::Item>& items, const Pace& pace) {
  return each_of<Prediction>(items, pace,
                             [&](const datasets::Item& item) { return prediction_of(reader, item); });
}

Result<std::vector<SeenFace>> faces_of(pipeline::StillReader& reader,
                                       const std::vector<datasets::Item>& items, const Pace& pace) {
  return each_of<SeenFace>(items, pace, [&](const datasets::Item& item) { return face_of(reader, item); });
}

}  // namespace pyro::cli
