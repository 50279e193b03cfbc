#include "stills.hpp"

#include <mutex>
#include <optional>

#include "pyro/base/notice.hpp"
#include "pyro/capture/picture_stream.hpp"
#include "pyro/pipeline/stills.hpp"

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

Result<records::Frame> decoded_picture(const std::string& bytes) {
  std::optional<Error> wrong;
  capture::PictureFeed feed{{}, [&](std::int64_t, capture::Coding, const Error& error) { wrong = error; }};
  const std::unique_ptr<capture::Source> source = feed.source("picture");
  feed.offer({{bytes.begin(), bytes.end()}, 0, Seconds{0}, {}, capture::Coding::picture});
  feed.end();
  Result<std::optional<records::Frame>> frame = source->next();
  if (!frame) return tl::make_unexpected(frame.error());
  if (!*frame) return bad_input("this is no picture that can be read");
  return std::move(**frame);
}

}  // namespace

struct Stills::Impl {
  infer::ModelStore models;
  pipeline::WalkSettings walk;
  std::mutex mutex;
  std::optional<pipeline::StillReader> reader;
};

Stills::Stills(const infer::ModelStore& models, const pipeline::WalkSettings& walk)
    : impl_(new Impl{models, walk, {}, {}}) {
  impl_->walk.expressions = true;
  impl_->walk.faces.max_faces = 16;
}
Stills::~Stills() = default;

void Stills::use(const infer::ModelStore& models) {
  const std::lock_guard lock{impl_->mutex};
  impl_->models = models;
  impl_->reader.reset();
}

Result<Json> Stills::predict(const std::string& picture) {
  const std::lock_guard lock{impl_->mutex};
  if (!impl_->reader) {
    Result<pipeline::StillReader> reader = pipeline::StillReader::create(impl_->models, impl_->walk, false);
    if (!reader) return tl::make_unexpected(reader.error());
    impl_->reader.emplace(std::move(*reader));
  }
  const Result<records::Frame> frame = decoded_picture(picture);
  if (!frame) return tl::make_unexpected(frame.error());
  const Result<std::vector<pipeline::StillFace>> faces = impl_->reader->read(*frame);
  if (!faces) return tl::make_unexpected(faces.error());
  Json out{{"faces", Json::array()}, {"model", impl_->walk.expression_model}, {"notice", kNotice}};
  for (const pipeline::StillFace& face : *faces) out["faces"].push_back(face_json(face));
  return out;
}

}  // namespace pyro::serve
