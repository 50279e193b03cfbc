// dataset landmarks: what the mesh and the expression network say of every picture of a labelled set, as the
// table that `pyrometer-train landmarks` learns from.
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>

#include "dataset.hpp"
#include "pyro/crop/aligned_crop.hpp"
#include "pyro/crop/whole_picture.hpp"
#include "pyro/datasets/dataset.hpp"
#include "pyro/datasets/fingerprint.hpp"
#include "pyro/pipeline/stills.hpp"
#include "pyro/report/output_file.hpp"
#include "pyro/signals/landmark_features.hpp"

namespace pyro::cli {
namespace {

struct LandmarkFlags {
  std::string dataset, labels, out, model = "expression";
  bool cropped = false, json = false;
  PlaceFlags place;
};

// One picture: its face as the network sees it, and the mesh where one was found.
struct Looked {
  std::optional<crop::GreyFace> grey;
  records::FaceMesh mesh;
};

class Looker {
 public:
  [[nodiscard]] static Result<Looker> create(const infer::ModelStore& models, const std::string& model,
                                             bool cropped) {
    Result<face::FaceFinder> finder = face::FaceFinder::create(models, {.max_faces = 1});
    if (!finder) return tl::make_unexpected(finder.error());
    Result<signals::ExpressionNet> product = signals::ExpressionNet::create(models, model);
    if (!product) return tl::make_unexpected(product.error());
    Result<signals::ExpressionNet> fer2013 =
        signals::ExpressionNet::create(models, model, signals::Head::fer2013);
    if (!fer2013) return tl::make_unexpected(fer2013.error());
    return Looker{std::move(*finder), {std::move(*product), std::move(*fer2013)}, cropped};
  }

  [[nodiscard]] Result<Looked> look(const datasets::Item& item) {
    Looked looked;
    if (item.face || cropped_) {
      Result<crop::GreyFace> face = datasets::load_face(item);
      if (!face) return tl::make_unexpected(face.error());
      looked.grey = *face;
      const Result<std::optional<records::FaceMesh>> mesh = pipeline::mesh_of_crop(finder_, *looked.grey);
      if (!mesh) return tl::make_unexpected(mesh.error());
      if (*mesh) looked.mesh = **mesh;
      return looked;
    }
    const Result<records::Frame> frame = datasets::load_picture(item);
    if (!frame) return tl::make_unexpected(frame.error());
    std::vector<records::FaceMesh> faces;
    if (Status found = finder_.find(*frame, {}, face::Search::thorough(), faces); !found)
      return tl::make_unexpected(found.error());
    if (faces.empty()) return looked;
    looked.mesh = faces.front();
    looked.grey = crop::align(*frame, looked.mesh);
    return looked;
  }

  // The probabilities of both heads, the product's first.
  [[nodiscard]] Result<std::array<records::Expression, 2>> read(const crop::GreyFace& grey) {
    std::array<records::Expression, 2> heads;
    for (std::size_t i = 0; i < heads.size(); ++i) {
      const Result<records::Expression> one = nets_[i].read(grey);
      if (!one) return tl::make_unexpected(one.error());
      heads[i] = *one;
    }
    return heads;
  }

 private:
  Looker(face::FaceFinder finder, std::array<signals::ExpressionNet, 2> nets, bool cropped)
      : finder_(std::move(finder)), nets_(std::move(nets)), cropped_(cropped) {}

  face::FaceFinder finder_;
  std::array<signals::ExpressionNet, 2> nets_;
  bool cropped_;
};

// A cell each; what is not known is an empty one.
void add_cells(std::string& line, std::span<const float> values) {
  std::array<char, 32> text{};
  for (const float value : values) {
    line += ',';
    if (std::isnan(value)) continue;
    line.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
  }
}

std::string header() {
  std::string line = "picture,label,mesh";
  for (const char* head : {"product.", "fer2013."}) {
    for (const std::string_view name : records::kEmotionNames) (line += ',').append(head).append(name);
  }
  for (const std::string& name : signals::landmark_feature_names()) (line += ',') += name;
  return line + '\n';
}

Result<std::string> row_of(Looker& looker, const datasets::Item& item, bool& found) {
  const Result<Looked> looked = looker.look(item);
  if (!looked) return tl::make_unexpected(looked.error());
  found = looked->mesh.point_count > 0;
  if (!looked->grey) return std::string();
  const datasets::Digest digest = datasets::digest_of(*looked->grey);
  std::array<char, 40> name{};
  std::snprintf(name.data(), name.size(), "%016llx%016llx", static_cast<unsigned long long>(digest[0]),
                static_cast<unsigned long long>(digest[1]));
  std::string line = std::string(name.data()) + ',' +
                     std::string(records::kEmotionNames[static_cast<std::size_t>(item.label)]) +
                     (found ? ",1" : ",0");
  const auto heads = looker.read(*looked->grey);
  if (!heads) return tl::make_unexpected(heads.error());
  for (const records::Expression& head : *heads) add_cells(line, head.p);
  add_cells(line, signals::landmark_features(looked->mesh));
  return line + '\n';
}

int landmarks(const LandmarkFlags& flags) {
  const Result<datasets::Dataset> set = datasets::read_dataset(flags.dataset, flags.labels);
  if (!set) return report(set.error(), flags.json);
  const Result<infer::ModelStore> models = open_models(flags.place);
  if (!models) return report(models.error(), flags.json);
  Result<Looker> looker = Looker::create(*models, flags.model, flags.cropped);
  if (!looker) return report(looker.error(), flags.json);
  Result<report::OutputFile> out = report::OutputFile::create(flags.out);
  if (!out) return report(out.error(), flags.json);
  if (Status written = out->write(header()); !written) return report(written.error(), flags.json);
  const bool shown = isatty(STDERR_FILENO) == 1;
  std::int64_t rows = 0, meshes = 0;
  for (std::size_t i = 0; i < set->items.size(); ++i) {
    if (interrupted().stop_requested()) return kExitInterrupted;
    if (shown && i % 100 == 0) std::fprintf(stderr, "\r\033[Kpicture %zu of %zu", i, set->items.size());
    bool found = false;
    const Result<std::string> row = row_of(*looker, set->items[i], found);
    if (!row) return report(row.error(), flags.json);
    rows += row->empty() ? 0 : 1;
    meshes += found ? 1 : 0;
    if (Status written = out->write(*row); !written) return report(written.error(), flags.json);
  }
  if (shown) std::fprintf(stderr, "\r\033[K");
  if (Status closed = out->close(); !closed) return report(closed.error(), flags.json);
  const std::string model = models->find(flags.model)->reference();
  if (flags.json) {
    std::printf(R"({"pictures":%zu,"rows":%lld,"meshes":%lld,"features":%zu,"model":"%s"})"
                "\n",
                set->items.size(), static_cast<long long>(rows), static_cast<long long>(meshes),
                signals::kLandmarkFeatures, model.c_str());
  } else {
    std::printf("%zu pictures, %lld with a mesh (%.1f %%), %zu features of each, and what %s says\n",
                set->items.size(), static_cast<long long>(meshes),
                100.0 * static_cast<double>(meshes) / static_cast<double>(set->items.size()),
                signals::kLandmarkFeatures, model.c_str());
  }
  return 0;
}

}  // namespace

void add_dataset_landmarks(CLI::App& dataset, Chosen& chosen) {
  CLI::App* verb = dataset.add_subcommand(
      "landmarks",
      "Measures every face of a labelled set: what `pyrometer-train landmarks` learns the fused model from");
  auto flags = std::make_shared<LandmarkFlags>();
  verb->add_option("--dataset", flags->dataset,
                   "A folder per class, a CSV (path,label), IDX images (48x48), or FER2013's own CSV")
      ->required();
  verb->add_option("--labels", flags->labels, "IDX labels for IDX images; else those beside them");
  verb->add_option("--out", flags->out, "The CSV to write: a row for each picture")
      ->required()
      ->type_name("CSV");
  verb->add_flag("--cropped", flags->cropped, "Each picture is one cropped face already");
  verb->add_option("--model", flags->model, "The expression model that the branch is to be fused with")
      ->capture_default_str();
  verb->add_flag("--json", flags->json, "One line of JSON");
  add_place_flags(*verb, flags->place);
  verb->footer("Example: pyrometer dataset landmarks --dataset images-idx3-ubyte.gz --out features.csv");
  verb->callback([&chosen, flags] { chosen = [flags] { return landmarks(*flags); }; });
}

}  // namespace pyro::cli
