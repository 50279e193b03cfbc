#include "finetune/finetune.hpp"

#include <nlohmann/json.hpp>

#include "datasets/pictures.hpp"
#include "evaluate/predict.hpp"
#include "export/record.hpp"
#include "export/subprocess.hpp"
#include "export/tensors.hpp"
#include "finetune/embeddings.hpp"
#include "pyro/base/files.hpp"
#include "stopwatch.hpp"

namespace pyro::training {
namespace {

using nlohmann::json;

json judged(const LinearHead& head, const torch::Tensor& embeddings, const std::vector<Sample>& samples) {
  if (samples.empty()) {
    return nullptr;
  }
  const torch::Tensor said = log_probabilities(head, embeddings).argmax(1);
  std::vector<Judged> pairs;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (samples[i].label) {
      pairs.push_back({*samples[i].label, said[static_cast<int64_t>(i)].item<int>()});
    }
  }
  json report = to_json(figures_of(pairs));
  const Interval interval = accuracy_interval(pairs, 1);
  report["accuracy_95"] = {interval.low, interval.high};
  return report;
}

HeadData head_data(const torch::Tensor& embeddings, const std::vector<Sample>& samples) {
  const auto count = static_cast<int64_t>(samples.size());
  HeadData data{embeddings, torch::zeros({count, kClasses}), torch::ones({count})};
  for (int64_t i = 0; i < count; ++i) {
    const Sample& sample = samples[static_cast<std::size_t>(i)];
    std::copy(sample.labels.begin(), sample.labels.end(), data.targets.data_ptr<float>() + i * kClasses);
    data.weights.data_ptr<float>()[i] = sample.weight;
  }
  return data;
}

}  // namespace

Result<json> finetune(const Split& data, const FinetuneJob& job) {
  if (data.fit.size() < static_cast<std::size_t>(job.folds)) {
    return bad_input("there are only " + std::to_string(data.fit.size()) +
                     " pictures to learn from; at least " + std::to_string(job.folds) + " are needed");
  }
  std::error_code error;
  std::filesystem::create_directories(job.out, error);
  if (error) {
    return failed(job.out.string() + ": cannot be created; choose another --out", error.message());
  }
  Stopwatch watch;
  std::vector<const crop::GreyFace*> faces;
  for (const std::vector<Sample>* part : {&data.fit, &data.hold_out}) {
    for (const Sample& sample : *part) {
      faces.push_back(&sample.face);
    }
  }
  Result<Embedded> all = embedded(faces, {job.model, job.out, job.cache, job.threads});
  if (!all) {
    return tl::make_unexpected(all.error());
  }
  const double embed_s = watch.lap();
  const auto fit_count = static_cast<int64_t>(data.fit.size());
  const torch::Tensor fit_rows = all->embeddings.slice(0, 0, fit_count);
  const torch::Tensor held_rows = all->embeddings.slice(0, fit_count);
  const LinearHead& parent = all->head(job.head);
  const HeadData fit_data = head_data(fit_rows, data.fit);
  const double pull = choose_pull(fit_data, parent, job.folds, job.seed, job.threads);
  const LinearHead head = fit_head(fit_data, parent, pull);
  const double fit_s = watch.lap();

  Arrays heads;
  heads.items[job.head + ".weight"] = array_of(head.weight);
  heads.items[job.head + ".bias"] = array_of(head.bias);
  const std::filesystem::path heads_file = job.out / "heads.arrays";
  if (Status written = write_arrays(heads_file, heads); !written) {
    return tl::make_unexpected(written.error());
  }
  const Result<std::string> replaced = run_ir(
      {"replace-heads", job.model.string(), heads_file.string(), (job.out / "expression.xml").string()});
  std::filesystem::remove(heads_file, error);
  if (!replaced) {
    return tl::make_unexpected(replaced.error());
  }
  const json report{{"head", job.head},
                    {"n_fit", data.fit.size()},
                    {"n_hold_out", data.hold_out.size()},
                    {"pull", pull},
                    {"folds", job.folds},
                    {"seed", job.seed},
                    {"before", judged(parent, held_rows, data.hold_out)},
                    {"after", judged(head, held_rows, data.hold_out)},
                    {"embeddings_from_cache", all->from_cache},
                    {"seconds", {{"embed", embed_s}, {"fit", fit_s}, {"write", watch.lap()}}}};
  const json record = record_of_finetuned(facts_of(data), report);
  for (const auto& [name, content] :
       {std::pair{"finetune.json", &report}, std::pair{"record.json", &record}}) {
    if (Status written = replace_file(job.out / name, content->dump(2) + "\n"); !written) {
      return tl::make_unexpected(written.error());
    }
  }
  return report;
}

}  // namespace pyro::training
