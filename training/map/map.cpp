#include "map/map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "datasets/pictures.hpp"
#include "evaluate/predict.hpp"
#include "export/subprocess.hpp"
#include "export/tensors.hpp"
#include "map/knn.hpp"
#include "pyro/base/files.hpp"
#include "pyro/datasets/map_page.hpp"
#include "stopwatch.hpp"

namespace pyro::training {
namespace {

using datasets::MapFigures;
using nlohmann::json;
using records::PlacedFace;

constexpr int kNear = datasets::kMapNeighbours;
// Places that go with the model, for neighbours at run time: with fewer, the rarest classes hold too few to
// ever win a vote.
constexpr std::size_t kFittedKept = 3000;
constexpr std::size_t kSelfTestCases = 4;
constexpr int64_t kReference = 256;  // embeddings on which the two encoders are compared
constexpr int kTimedCalls = 2000;

std::vector<int> labels_of(const std::vector<Sample>& samples, const std::string& head) {
  std::vector<int> labels;
  labels.reserve(samples.size());
  for (const Sample& sample : samples) {
    labels.push_back((head == "product" ? sample.majority : sample.label).value_or(-1));
  }
  return labels;
}

Status check(const Split& data, const std::vector<int>& labels) {
  if (data.fit.size() <= static_cast<std::size_t>(kNear)) {
    return bad_input("there are only " + std::to_string(data.fit.size()) +
                     " faces to fit a map on, and each needs " + std::to_string(kNear) +
                     " others as neighbours; give more with --data, or hold out fewer");
  }
  std::set<int> classes(labels.begin(), labels.end());
  classes.erase(-1);
  if (classes.size() < 2) {
    return bad_input(
        "the faces to fit a map on are all of one class; a map of classes needs at least two: give more "
        "with --data");
  }
  if (data.hold_out.empty()) {
    return bad_input("no face is held out to judge the map on; raise --hold-out");
  }
  return {};
}

std::vector<PlacedFace> placed(const torch::Tensor& places, const std::vector<int>& labels) {
  const torch::Tensor plain = places.contiguous();
  const auto* at = plain.data_ptr<float>();
  std::vector<PlacedFace> faces;
  faces.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    faces.push_back({{at[2 * i], at[2 * i + 1]}, labels[i]});
  }
  return faces;
}

std::vector<records::MapPoint> points_of(const std::vector<PlacedFace>& faces) {
  std::vector<records::MapPoint> points;
  points.reserve(faces.size());
  for (const PlacedFace& face : faces) {
    points.push_back(face.at);
  }
  return points;
}

// What the `kNear` fitted faces nearest to each query say; faces without a label are asked nothing.
std::vector<Judged> by_neighbours(const torch::Tensor& queries, const std::vector<int>& truths,
                                  const torch::Tensor& fitted, const std::vector<int>& labels) {
  const Neighbours near = nearest(queries, fitted, kNear);
  std::vector<Judged> judged;
  std::array<int, kNear> said{};
  for (std::size_t i = 0; i < truths.size(); ++i) {
    for (std::size_t j = 0; j < said.size(); ++j) {
      said[j] = labels[static_cast<std::size_t>(near.index[i * near.k + j])];
    }
    if (truths[i] >= 0) {
      judged.push_back({truths[i], datasets::vote(said)});
    }
  }
  return judged;
}

std::vector<Judged> by_head(const LinearHead& head, const torch::Tensor& embeddings,
                            const std::vector<int>& truths) {
  const torch::Tensor said = log_probabilities(head, embeddings).argmax(1);
  std::vector<Judged> judged;
  for (std::size_t i = 0; i < truths.size(); ++i) {
    if (truths[i] >= 0) {
      judged.push_back({truths[i], said[static_cast<int64_t>(i)].item<int>()});
    }
  }
  return judged;
}

// Of the faces that the map was fitted on, those whose places go with the model: rows of x, y (to a
// hundredth, which keeps the self-test short), class.
Array kept_places(const std::vector<PlacedFace>& fitted) {
  Array kept;
  for (const PlacedFace& face : fitted) {
    if (face.label >= 0 && kept.values.size() < 3 * kFittedKept) {
      const auto short_of = [](float value) { return std::round(value * 100) / 100; };
      kept.values.insert(kept.values.end(),
                         {short_of(face.at.x), short_of(face.at.y), static_cast<float>(face.label)});
    }
  }
  kept.shape = {kept.values.size() / 3, 3};
  return kept;
}

// The encoder as the runtime's model, and how far the two differ.
Result<json> exported(const MapEncoder& encoder, const torch::Tensor& reference, const Array& kept,
                      const MapJob& job, const std::string& expression_weights) {
  Arrays arrays = to_arrays(encoder, reference);
  arrays.about = {{"layers", encoder.layers.size()}, {"expression_weights", expression_weights}};
  arrays.items["fitted"] = kept;
  const std::filesystem::path plain = job.out / "map.arrays.part";
  if (Status written = write_arrays(plain, arrays); !written) {
    return tl::make_unexpected(written.error());
  }
  const Result<std::string> said = run_ir({"convert-map", plain.string(), (job.out / "map.xml").string(),
                                           "--calls=" + std::to_string(kTimedCalls)});
  std::error_code ignored;
  std::filesystem::remove(plain, ignored);
  if (!said) {
    return tl::make_unexpected(said.error());
  }
  json report = json::parse(*said, nullptr, false);
  if (report.is_discarded()) {
    return failed(
        "pyrometer-ir printed something else than its report; build both programs from the same source");
  }
  return report;
}

// libtorch's own answers to the mean embeddings of some classes, so that a runner which places faces
// otherwise is refused at load.
std::string self_test_of(const MapEncoder& encoder, const torch::Tensor& rows, const std::vector<int>& labels,
                         const Array& kept) {
  // Floats that are written as such take half the characters.
  using FloatJson =
      nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, float>;
  FloatJson test{{"schema", "pyrometer-selftest/1"}, {"tolerance", {{"f32", 5e-5F}, {"bf16", 0.05F}}}};
  const torch::Tensor classes = torch::tensor(labels, torch::kInt);
  for (int label = 0; label < kClasses; ++label) {
    const torch::Tensor members = rows.index({classes == label});
    if (members.size(0) == 0 || test["cases"].size() == kSelfTestCases) {
      continue;
    }
    const torch::Tensor mean = members.mean(0, true);
    test["cases"].push_back({{"what", std::string("mean ") + kClassNames[static_cast<std::size_t>(label)]},
                             {"input", array_of(mean).values},
                             {"outputs", {array_of(encoder.place(mean)).values, kept.values}}});
  }
  return test.dump() + "\n";
}

json limits_of(const std::vector<PlacedFace>& faces) {
  const auto by_x = [](const PlacedFace& a, const PlacedFace& b) { return a.at.x < b.at.x; };
  const auto by_y = [](const PlacedFace& a, const PlacedFace& b) { return a.at.y < b.at.y; };
  const auto [left, right] = std::minmax_element(faces.begin(), faces.end(), by_x);
  const auto [low, high] = std::minmax_element(faces.begin(), faces.end(), by_y);
  return {{"x", {left->at.x, right->at.x}}, {"y", {low->at.y, high->at.y}}};
}

datasets::MapDrawing drawing_of(const Split& data, const std::vector<PlacedFace>& held,
                                const std::vector<PlacedFace>& fitted, MapFigures figures,
                                const MapJob& job) {
  datasets::MapDrawing drawing;
  const auto number = [](std::size_t count) { return html::grouped(static_cast<long long>(count)); };
  drawing.subtitle = number(held.size()) + " held-out faces of " + number(held.size() + fitted.size()) +
                     ", " + job.head + " labels, model " + job.embedding.model.filename().string();
  drawing.figures = std::move(figures);
  drawing.seed = job.encoder.seed;
  for (std::size_t i = 0; i < held.size(); ++i) {
    const int label = held[i].label;
    drawing.faces.push_back({held[i].at, label,
                             label < 0 ? "class not known" : kClassNames[static_cast<std::size_t>(label)],
                             &data.hold_out[i].face});
  }
  drawing.centres = datasets::centres_of(fitted);
  drawing.remarks = {
      "Held-out faces took no part in fitting the map. Whether the expression network learnt from some of "
      "them this page cannot know: where it did, they lie better apart than faces that are new to both."};
  return drawing;
}

json settings_of(const MapJob& job, const Curve& curve) {
  return {{"k", kNear},
          {"min_dist", job.min_dist},
          {"spread", job.spread},
          {"a", curve.a},
          {"b", curve.b},
          {"far", job.supervision.far},
          {"unknown", job.supervision.unknown},
          {"hidden", job.encoder.hidden},
          {"steps", job.encoder.steps},
          {"batch", job.encoder.batch},
          {"negatives", job.encoder.negatives},
          {"learning_rate", job.encoder.learning_rate},
          {"seed", job.encoder.seed}};
}

}  // namespace

Result<json> fit_map(const Split& data, const MapJob& job) {
  const std::vector<int> fit_labels = labels_of(data.fit, job.head);
  const std::vector<int> held_labels = labels_of(data.hold_out, job.head);
  if (Status usable = check(data, fit_labels); !usable) {
    return tl::make_unexpected(usable.error());
  }
  std::error_code error;
  std::filesystem::create_directories(job.out, error);
  if (error) {
    return failed(job.out.string() + ": cannot be created; choose another --out", error.message());
  }
  const Result<std::string> weights =
      file_fingerprint({std::filesystem::path(job.embedding.model).replace_extension(".bin")});
  if (!weights) {
    return tl::make_unexpected(weights.error());
  }
  Stopwatch watch;
  std::vector<const crop::GreyFace*> faces;
  for (const std::vector<Sample>* part : {&data.fit, &data.hold_out}) {
    for (const Sample& sample : *part) {
      faces.push_back(&sample.face);
    }
  }
  const Result<Embedded> all = embedded(faces, job.embedding);
  if (!all) {
    return tl::make_unexpected(all.error());
  }
  json seconds{{"embed", watch.lap()}};
  const auto fit_count = static_cast<int64_t>(data.fit.size());
  const torch::Tensor fit_rows = all->embeddings.slice(0, 0, fit_count).contiguous();
  const torch::Tensor held_rows = all->embeddings.slice(0, fit_count).contiguous();
  const std::vector<Edge> edges =
      supervised(fuzzy_set(nearest_others(fit_rows, kNear)), fit_labels, job.supervision);
  seconds["graph"] = watch.lap();
  const Curve curve = fit_curve(job.min_dist, job.spread);
  const MapEncoder encoder = fit_encoder(fit_rows, edges, curve, job.encoder);
  seconds["fit"] = watch.lap();

  const torch::Tensor fit_places = encoder.place(fit_rows);
  const torch::Tensor held_places = encoder.place(held_rows);
  const std::vector<PlacedFace> fitted = placed(fit_places, fit_labels);
  const std::vector<PlacedFace> held = placed(held_places, held_labels);
  MapFigures figures;
  figures.kept = datasets::neighbourhoods(
      {held_rows.data_ptr<float>(), static_cast<std::size_t>(held_rows.numel())}, points_of(held), kNear);
  figures.on_map = by_neighbours(held_places, held_labels, fit_places, fit_labels);
  figures.in_embedding = by_neighbours(held_rows, held_labels, fit_rows, fit_labels);
  figures.head = by_head(all->head(job.head), held_rows, held_labels);
  seconds["judge"] = watch.lap();

  const Array kept = kept_places(fitted);
  const Result<json> parity = exported(encoder, held_rows.slice(0, 0, kReference), kept, job, *weights);
  if (!parity) {
    return tl::make_unexpected(parity.error());
  }
  json report = datasets::to_json(figures, job.encoder.seed);
  report["schema"] = "pyrometer-map/1";
  report["head"] = job.head;
  report["n_fit"] = data.fit.size();
  report["n_hold_out"] = data.hold_out.size();
  report["edges"] = edges.size();
  report["settings"] = settings_of(job, curve);
  report["data"] = facts_of(data);
  report["expression_weights"] = *weights;
  report["limits"] = limits_of(fitted);
  for (const PlacedFace& centre : datasets::centres_of(fitted)) {
    report["centres"][kClassNames[static_cast<std::size_t>(centre.label)]] = {centre.at.x, centre.at.y};
  }
  report["exported"] = *parity;
  report["embeddings_from_cache"] = all->from_cache;
  report["seconds"] = seconds;
  const html::Page page = datasets::map_page(drawing_of(data, held, fitted, std::move(figures), job));
  if (Status written = page.write(job.out / "map.html"); !written) {
    return tl::make_unexpected(written.error());
  }
  for (const auto& [name, text] :
       {std::pair{"selftest.json", self_test_of(encoder, fit_rows, fit_labels, kept)},
        std::pair{"map.json", report.dump(2) + "\n"}}) {
    if (Status written = replace_file(job.out / name, text); !written) {
      return tl::make_unexpected(written.error());
    }
  }
  return report;
}

}  // namespace pyro::training
