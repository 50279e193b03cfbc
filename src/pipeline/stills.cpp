#include "pyro/pipeline/stills.hpp"

#include "pyro/capture/source.hpp"
#include "pyro/crop/aligned_crop.hpp"
#include "pyro/crop/whole_picture.hpp"

namespace pyro::pipeline {
namespace {

// The side of the region that the mesh network sees, in sides of the cropped picture.
constexpr float kRegionOfCrop = 1.4F;

}  // namespace

Result<std::optional<records::FaceMesh>> mesh_of_crop(face::FaceFinder& finder, const crop::GreyFace& face) {
  constexpr float kSide = crop::kExpressionSide;
  const records::FaceRegion whole{{kSide / 2, kSide / 2}, kRegionOfCrop * kSide, 0};
  std::vector<records::FaceMesh> found;
  if (Status looked = finder.find(crop::frame_of(face), std::span(&whole, 1), face::Search::nowhere(), found);
      !looked)
    return tl::make_unexpected(looked.error());
  if (found.empty()) return std::optional<records::FaceMesh>{};
  return std::optional{found.front()};
}

Result<StillReader> StillReader::create(const infer::ModelStore& models, const WalkSettings& settings,
                                        bool cropped) {
  StillReader reader;
  reader.cropped_ = cropped;
  reader.limits_ = settings.quality;
  if (settings.expressions) {
    auto expression = signals::ExpressionReader::create(models, settings.expression_model, settings.head,
                                                        settings.precision);
    if (!expression) return tl::make_unexpected(expression.error());
    reader.reader_.emplace(std::move(*expression));
  }
  if (!cropped || (reader.reader_ && reader.reader_->fused())) {
    Result<face::FaceFinder> finder = face::FaceFinder::create(models, settings.faces);
    if (!finder) return tl::make_unexpected(finder.error());
    reader.finder_.emplace(std::move(*finder));
  }
  return reader;
}

Result<std::vector<StillFace>> StillReader::read(const std::string& file, Seconds at) {
  Result<std::unique_ptr<capture::Source>> source = capture::open(file);
  if (!source) return tl::make_unexpected(source.error());
  for (bool any = false;; any = true) {
    const Result<std::optional<records::Frame>> next = (*source)->next();
    if (!next) return tl::make_unexpected(next.error());
    const std::optional<records::Frame>& frame = *next;
    if (!frame && any) return bad_input("'" + file + "' ends before " + std::to_string(at.count()) + " s");
    if (!frame) return bad_input("'" + file + "' holds no picture: give a jpeg, png, webp or bmp file");
    if (frame->time >= at) return read(*frame);
  }
}

Result<std::vector<StillFace>> StillReader::read(const records::Frame& frame) {
  std::vector<StillFace> faces;
  if (cropped_ || !finder_) {
    const crop::GreyFace whole = crop::whole(frame);
    StillFace face{{}, std::nullopt, whole};
    if (reader_) {
      const Result<records::Expression> expression = read(whole);
      if (!expression) return tl::make_unexpected(expression.error());
      face.expression = *expression;
    }
    faces.push_back(face);
    return faces;
  }
  std::vector<records::FaceMesh> meshes;
  if (Status found = finder_->find(frame, {}, face::Search::thorough(), meshes); !found)
    return tl::make_unexpected(found.error());
  for (const records::FaceMesh& mesh : meshes) {
    StillFace face{mesh, std::nullopt, std::nullopt};
    face.mesh.quality.reason = face::judge_quality(mesh, limits_);
    if (face.mesh.quality.reason == records::GapReason::none) {
      const crop::GreyFace aligned = crop::align(frame, mesh);
      face.crop = aligned;
      if (reader_) {
        const Result<records::Expression> expression = reader_->read(aligned, mesh);
        if (!expression) return tl::make_unexpected(expression.error());
        face.expression = *expression;
      }
    }
    faces.push_back(face);
  }
  return faces;
}

Result<records::Expression> StillReader::read(const crop::GreyFace& face) {
  if (!reader_) return wrong_use("expressions are switched off: leave out --no-expressions");
  records::FaceMesh none;
  if (!reader_->fused() || !finder_) return reader_->read(face, none);
  const Result<std::optional<records::FaceMesh>> mesh = mesh_of_crop(*finder_, face);
  if (!mesh) return tl::make_unexpected(mesh.error());
  return reader_->read(face, mesh->value_or(none));
}

}  // namespace pyro::pipeline
