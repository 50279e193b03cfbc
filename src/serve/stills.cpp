#include "stills.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>

#include "pyro/base/notice.hpp"
#include "pyro/capture/picture_stream.hpp"
#include "pyro/datasets/map_page.hpp"
#include "pyro/infer/model_forms.hpp"
#include "pyro/pipeline/stills.hpp"
#include "pyro/signals/embedding_map.hpp"
#include "pyro/signals/expression_net.hpp"

namespace pyro::serve {
namespace {

Json face_json(const pipeline::StillFace& face) {
  const records::FaceMesh& mesh = face.mesh;
  Json out{{"valid", mesh.quality.reason == records::GapReason::none},
           {"reason", records::name_of(mesh.quality.reason)},
           {"box", {mesh.box.x, mesh.box.y, mesh.box.width, mesh.box.height}},
           {"p", nullptr},
           {"label", nullptr}};
  if (face.expression) {
    out["p"] = face.expression->p;
    out["label"] = records::kEmotionNames[static_cast<std::size_t>(face.expression->label())];
  }
  return out;
}

Json label_or_null(int label) {
  return label < 0 ? Json(nullptr) : Json(records::kEmotionNames[static_cast<std::size_t>(label)]);
}

}  // namespace

Result<records::Frame> decoded_picture(const std::string& bytes) {
  std::optional<Error> wrong;
  capture::PictureFeed::Limits exact;
  exact.exact_colours = true;  // as pyrometer predict has them: a mesh follows what nobody sees
  capture::PictureFeed feed{exact, [&](std::int64_t, capture::Coding, const Error& error) { wrong = error; }};
  const std::unique_ptr<capture::Source> source = feed.source("picture");
  feed.offer({{bytes.begin(), bytes.end()}, 0, Seconds{0}, {}, capture::Coding::picture});
  feed.end();
  Result<std::optional<records::Frame>> frame = source->next();
  if (!frame) return tl::make_unexpected(frame.error());
  if (!*frame) return bad_input("this is no picture that can be read");
  return std::move(**frame);
}

struct Stills::Impl {
  // A face's place on the map of the expression network's embedding; nothing where there is no map of it.
  struct OnMap {
    signals::ExpressionNet net;
    signals::EmbeddingMap map;
    std::string reference;
  };
  infer::ModelStore models;
  pipeline::WalkSettings walk;
  std::mutex mutex;
  std::optional<pipeline::StillReader> reader, finder;  // finder: reads no expression
  std::optional<OnMap> on_map;

  // Loads what is not loaded yet.
  Status ready() {
    if (reader) return {};
    Result<pipeline::StillReader> fresh = pipeline::StillReader::create(models, walk, false);
    if (!fresh) return tl::make_unexpected(fresh.error());
    const std::string map = signals::map_beside(models, walk.expression_model);
    if (!map.empty()) {
      // Of a fused model it is the network whose embedding the map was fitted on.
      const infer::ModelEntry* entry = models.find(walk.expression_model);
      const std::string network = entry != nullptr && infer::is_fused(*entry)
                                      ? std::string{infer::kFusedPartner}
                                      : walk.expression_model;
      auto net = signals::ExpressionNet::create(models, network, walk.head, walk.precision);
      if (!net) return tl::make_unexpected(net.error());
      auto placer = signals::EmbeddingMap::create(models, network, map);
      if (!placer) return tl::make_unexpected(placer.error());
      on_map.emplace(OnMap{std::move(*net), std::move(*placer), models.find(map)->reference()});
    }
    reader.emplace(std::move(*fresh));
    return {};
  }

  Result<Json> place(const pipeline::StillFace& face) {
    if (!on_map || !face.crop) return Json(nullptr);
    const auto read = on_map->net.read(*face.crop);
    if (!read) return tl::make_unexpected(read.error());
    const Result<records::MapPoint> at = on_map->map.project(on_map->net.embedding());
    if (!at) return tl::make_unexpected(at.error());
    const auto fitted = on_map->map.fitted();
    std::vector<records::PlacedFace> near(
        std::min<std::size_t>(fitted.size(), static_cast<std::size_t>(datasets::kMapNeighbours)));
    const auto distance = [&](const records::PlacedFace& one) {
      return std::hypot(one.at.x - at->x, one.at.y - at->y);
    };
    std::ranges::partial_sort_copy(fitted, near, {}, distance, distance);
    Json neighbours = Json::array();
    for (const records::PlacedFace& one : near) {
      neighbours.push_back({{"x", one.at.x},
                            {"y", one.at.y},
                            {"label", label_or_null(one.label)},
                            {"distance", distance(one)}});
    }
    const int said = datasets::label_at(*at, fitted, datasets::kMapNeighbours);
    return Json{{"x", at->x}, {"y", at->y}, {"label", label_or_null(said)}, {"neighbours", neighbours}};
  }
};

Stills::Stills(const infer::ModelStore& models, const pipeline::WalkSettings& walk)
    : impl_(new Impl{models, walk, {}, {}, {}, {}}) {
  impl_->walk.expressions = true;
  impl_->walk.faces.max_faces = 16;
}
Stills::~Stills() = default;

void Stills::use(const infer::ModelStore& models) {
  const std::lock_guard lock{impl_->mutex};
  impl_->models = models;
  impl_->reader.reset();
  impl_->finder.reset();
  impl_->on_map.reset();
}

Result<Json> Stills::predict(const std::string& picture) {
  const std::lock_guard lock{impl_->mutex};
  if (const Status loaded = impl_->ready(); !loaded) return tl::make_unexpected(loaded.error());
  const Result<records::Frame> frame = decoded_picture(picture);
  if (!frame) return tl::make_unexpected(frame.error());
  const Result<std::vector<pipeline::StillFace>> faces = impl_->reader->read(*frame);
  if (!faces) return tl::make_unexpected(faces.error());
  Json out{{"faces", Json::array()}, {"model", impl_->walk.expression_model}, {"notice", kNotice}};
  for (const pipeline::StillFace& face : *faces) {
    Json told = face_json(face);
    Result<Json> place = impl_->place(face);
    if (!place) return tl::make_unexpected(place.error());
    told["place"] = std::move(*place);
    out["faces"].push_back(std::move(told));
  }
  return out;
}

Result<Json> Stills::look(const std::string& picture) {
  const std::lock_guard lock{impl_->mutex};
  if (!impl_->finder) {
    pipeline::WalkSettings settings = impl_->walk;
    settings.expressions = false;
    Result<pipeline::StillReader> finder = pipeline::StillReader::create(impl_->models, settings, false);
    if (!finder) return tl::make_unexpected(finder.error());
    impl_->finder.emplace(std::move(*finder));
  }
  const Result<records::Frame> frame = decoded_picture(picture);
  if (!frame) return tl::make_unexpected(frame.error());
  const Result<std::vector<pipeline::StillFace>> faces = impl_->finder->read(*frame);
  if (!faces) return tl::make_unexpected(faces.error());
  Json out{{"faces", Json::array()}, {"width", frame->width}, {"height", frame->height}};
  for (const pipeline::StillFace& face : *faces) {
    const records::FaceQuality& quality = face.mesh.quality;
    const records::FaceBox& box = face.mesh.box;
    out["faces"].push_back({{"valid", quality.reason == records::GapReason::none},
                            {"reason", records::name_of(quality.reason)},
                            {"box", {box.x, box.y, box.width, box.height}},
                            {"quality",
                             {{"size_px", quality.size_px},
                              {"brightness", quality.brightness},
                              {"contrast", quality.contrast},
                              {"sharpness", quality.sharpness},
                              {"inside", quality.inside_fraction},
                              {"presence", quality.presence}}}});
  }
  return out;
}

Result<std::optional<Json>> Stills::map() {
  const std::lock_guard lock{impl_->mutex};
  if (const Status loaded = impl_->ready(); !loaded) return tl::make_unexpected(loaded.error());
  if (!impl_->on_map) return std::nullopt;
  const auto fitted = impl_->on_map->map.fitted();
  Json points = Json::array(), centres = Json::object();
  for (const records::PlacedFace& one : fitted)
    points.push_back({{"x", one.at.x}, {"y", one.at.y}, {"label", label_or_null(one.label)}});
  for (const records::PlacedFace& one : datasets::centres_of(fitted)) {
    if (one.label >= 0)
      centres[std::string{records::kEmotionNames[static_cast<std::size_t>(one.label)]}] = {{"x", one.at.x},
                                                                                           {"y", one.at.y}};
  }
  return Json{{"map", impl_->on_map->reference},
              {"model", impl_->walk.expression_model},
              {"points", points},
              {"centres", centres}};
}

}  // namespace pyro::serve
