#include "export/export.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "evaluate/evaluate.hpp"
#include "evaluate/predict.hpp"
#include "export/record.hpp"
#include "export/subprocess.hpp"
#include "export/tensors.hpp"
#include "pyro/base/files.hpp"

namespace pyro::training {
namespace {

constexpr std::size_t kReferenceFaces = 256;
constexpr std::size_t kCalibrationFaces = 512;

// A head is linear: its logits are divided where its weights and biases are.
void scale_head(Net& net, const std::string& head, double temperature) {
  const torch::NoGradGuard no_grad;
  for (auto& item : net.named_parameters()) {
    if (item.key().starts_with(head + ".")) item.value().div_(temperature);
  }
}

}  // namespace

Arrays arrays_with_reference(Net& net, const torch::Tensor& input) {
  const torch::NoGradGuard no_grad;
  const bool was_training = net.is_training();
  net.eval();
  const Logits logits = net.forward(input);
  net.train(was_training);
  Arrays arrays = to_arrays(net.program());
  arrays.items["reference.input"] = array_of(input);
  arrays.items["reference.product"] = array_of(torch::softmax(logits.product, 1));
  arrays.items["reference.fer2013"] = array_of(torch::softmax(logits.fer2013, 1));
  arrays.items["reference.embedding"] = array_of(logits.embedding);
  return arrays;
}

Result<nlohmann::json> export_ir(const std::filesystem::path& weights, const std::vector<Source>& data,
                                 const std::filesystem::path& out, const ExportOptions& options) {
  Result<NetPtr> net = load_net(weights);
  if (!net) {
    return tl::make_unexpected(net.error());
  }
  scale_head(**net, "product", options.product_temperature);
  scale_head(**net, "fer2013", options.fer2013_temperature);
  const Result<nlohmann::json> about = read_about(weights);
  if (!about) {
    return tl::make_unexpected(about.error());
  }
  const Result<std::vector<Sample>> samples = read_samples(data);
  if (!samples) {
    return tl::make_unexpected(samples.error());
  }
  std::vector<const crop::GreyFace*> faces;
  for (const Sample& sample : *samples) {
    faces.push_back(&sample.face);
  }
  const std::span<const crop::GreyFace* const> all(faces);
  const std::size_t reference = std::min(kReferenceFaces, std::max<std::size_t>(1, all.size() / 2));
  Arrays arrays = arrays_with_reference(**net, normalised(all.first(reference)));
  if (options.precision == ExportPrecision::int8) {
    arrays.items["calibration.input"] =
        array_of(normalised(all.subspan(reference, std::min(kCalibrationFaces, all.size() - reference))));
  }
  std::error_code error;
  std::filesystem::create_directories(out, error);
  // Holds the reference pictures, which must not be left in a folder that is committed.
  const std::filesystem::path plain = out / "expression.arrays";
  if (Status status = write_arrays(plain, arrays); !status) {
    return tl::make_unexpected(status.error());
  }
  std::vector<std::string> command{"convert", plain.string(), (out / "expression.xml").string(),
                                   "--calls=2000"};
  if (options.precision == ExportPrecision::int8) {
    command.emplace_back("--int8");
  }
  Result<std::string> printed = run_ir(std::move(command));
  std::filesystem::remove(plain, error);
  if (!printed) {
    return tl::make_unexpected(printed.error());
  }
  nlohmann::json report = nlohmann::json::parse(*printed, nullptr, false);
  if (report.is_discarded()) {
    return failed(
        "pyrometer-ir printed something else than its report; build both programs from the same source");
  }
  report["parameters"] = parameter_count(**net);
  report["temperature"] = {{"product", options.product_temperature},
                           {"fer2013", options.fer2013_temperature}};
  if (Status written = replace_file(out / "record.json", record_of(*about, report).dump(2) + "\n");
      !written) {
    return tl::make_unexpected(written.error());
  }
  return report;
}

}  // namespace pyro::training
