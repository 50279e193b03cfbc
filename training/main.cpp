#include <torch/torch.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "evaluate/evaluate.hpp"
#include "export/export.hpp"
#include "fit/fit.hpp"

namespace {

using namespace pyro;
using namespace pyro::training;

struct Arguments {
  std::filesystem::path data;
  std::filesystem::path out;
  std::filesystem::path weights;
  FitOptions fit;
  int threads = 1;
  bool resume = false;
};

Status train(const Arguments& arguments) {
  Result<Split> data = read_split(arguments.data, arguments.fit);
  if (!data) {
    return tl::make_unexpected(data.error());
  }
  std::cerr << "fitting on " << data->fit.size() << " distinct pictures, choosing on "
            << data->hold_out.size() << " others; " << arguments.threads << " thread(s)\n";
  return fit(*data, arguments.fit, arguments.out, arguments.resume,
             [](const nlohmann::json& line) { std::cout << line.dump() << std::endl; });
}

Status print(const Result<nlohmann::json>& report) {
  if (!report) {
    return tl::make_unexpected(report.error());
  }
  std::cout << report->dump() << std::endl;
  return {};
}

Status run(const CLI::App& app, const Arguments& arguments) {
  torch::set_num_threads(arguments.threads);
  if (app.got_subcommand("train")) {
    return train(arguments);
  }
  if (app.got_subcommand("evaluate")) {
    return print(evaluate(arguments.weights, arguments.data));
  }
  return print(export_ir(arguments.weights, arguments.data, arguments.out));
}

void declare(CLI::App& app, Arguments& arguments) {
  app.require_subcommand(1);
  app.add_option("--threads", arguments.threads)->check(CLI::Range(1, 64))->capture_default_str();
  app.fallthrough();
  const char* data_help = "folder with the IDX files and CSVs of FER2013";
  CLI::App* train = app.add_subcommand("train", "fit on FER2013's training part");
  train->footer("Example: pyrometer-train train --data ../shared/data/fer2013 --out out/run1 --threads 2");
  train->add_option("--data", arguments.data, data_help)->required();
  train->add_option("--out", arguments.out, "folder of the run")->required();
  FitOptions& fit = arguments.fit;
  train->add_option("--epochs", fit.epochs)->check(CLI::Range(1, 10000))->capture_default_str();
  train->add_option("--batch", fit.batch)->check(CLI::Range(2, 4096))->capture_default_str();
  train->add_option("--seed", fit.seed)->capture_default_str();
  train->add_option("--learning-rate", fit.learning_rate)
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  train->add_option("--mixup-chance", fit.mixup_chance)->check(CLI::Range(0.0, 1.0))->capture_default_str();
  train->add_flag("--resume", arguments.resume, "go on from the folder's checkpoint; --epochs may differ");
  const char* weights_help = "a run's best.pt or checkpoint.pt (the averaged weights are used)";
  CLI::App* evaluate = app.add_subcommand("evaluate", "both heads on FER2013's PublicTest, one line of JSON");
  evaluate->footer(
      "Example: pyrometer-train evaluate --weights out/run1/best.pt --data ../shared/data/fer2013");
  evaluate->add_option("--weights", arguments.weights, weights_help)->required();
  evaluate->add_option("--data", arguments.data, data_help)->required();
  CLI::App* export_verb =
      app.add_subcommand("export", "write the model that the runtime loads, and compare the two");
  export_verb->footer(
      "Example: pyrometer-train export --weights out/run1/best.pt --data ../shared/data/fer2013 --out "
      "models/expression");
  export_verb->add_option("--weights", arguments.weights, weights_help)->required();
  export_verb->add_option("--data", arguments.data, data_help)->required();
  export_verb->add_option("--out", arguments.out, "folder for expression.xml and .bin")->required();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"pyrometer-train: fits, judges and exports the expression network"};
  Arguments arguments;
  declare(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    if (const Status status = run(app, arguments); !status) {
      std::cerr << "pyrometer-train: " << status.error().text() << '\n';
      return exit_code(status.error().code);
    }
  } catch (const std::exception& error) {  // libtorch reports everything, out of memory too, by throwing
    std::cerr << "pyrometer-train: libtorch failed; try fewer --threads or a smaller --batch ("
              << error.what() << ")\n";
    return exit_code(ErrorCode::failed);
  }
  return 0;
}
