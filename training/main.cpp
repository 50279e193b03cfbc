#include <torch/torch.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "fit/fit.hpp"

namespace {

using namespace pyro;
using namespace pyro::training;

struct TrainArguments {
  std::filesystem::path data;
  std::filesystem::path out;
  FitOptions fit;
  int threads = 1;
  bool resume = false;
};

Status train(const TrainArguments& arguments) {
  torch::set_num_threads(arguments.threads);
  Result<std::vector<Picture>> pictures = read_fer2013(arguments.data, Part::training);
  if (!pictures) {
    return tl::make_unexpected(pictures.error());
  }
  const Split data = split(merge_twins(*pictures), arguments.fit.hold_out, arguments.fit.seed);
  std::cerr << "fitting on " << data.fit.size() << " distinct pictures, choosing on " << data.hold_out.size()
            << " others; " << arguments.threads << " thread(s)\n";
  return fit(data, arguments.fit, arguments.out, arguments.resume,
             [](const nlohmann::json& line) { std::cout << line.dump() << std::endl; });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"pyrometer-train: fits the expression network"};
  app.require_subcommand(1);
  TrainArguments arguments;
  CLI::App* verb = app.add_subcommand("train", "fit on FER2013's training part");
  verb->add_option("--data", arguments.data, "folder with the IDX files and CSVs of FER2013")->required();
  verb->add_option("--out", arguments.out, "folder of the run")->required();
  verb->add_option("--epochs", arguments.fit.epochs)->check(CLI::Range(1, 10000))->capture_default_str();
  verb->add_option("--batch", arguments.fit.batch)->check(CLI::Range(2, 4096))->capture_default_str();
  verb->add_option("--seed", arguments.fit.seed)->capture_default_str();
  verb->add_option("--threads", arguments.threads)->check(CLI::Range(1, 64))->capture_default_str();
  verb->add_option("--learning-rate", arguments.fit.learning_rate)->capture_default_str();
  verb->add_option("--mixup-chance", arguments.fit.mixup_chance)->capture_default_str();
  verb->add_flag("--resume", arguments.resume, "go on from the folder's checkpoint");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const Status status = train(arguments);
  if (!status) {
    std::cerr << "pyrometer-train: " << status.error().text() << '\n';
    return exit_code(status.error().code);
  }
  return 0;
}
