#include "evaluate/evaluate.hpp"

#include <nlohmann/json.hpp>

#include "verbs/verbs.hpp"

namespace pyro::training {

void add_evaluate(CLI::App& app, Chosen& chosen) {
  struct Flags {
    std::filesystem::path weights, data;
  };
  CLI::App* verb = app.add_subcommand("evaluate", "both heads on FER2013's PublicTest, one line of JSON");
  verb->footer("Example: pyrometer-train evaluate --weights out/run1/best.pt --data ../shared/data/fer2013");
  auto flags = std::make_shared<Flags>();
  verb->add_option("--weights", flags->weights, kWeightsHelp)->required();
  verb->add_option("--data", flags->data, kDataHelp)->required();
  add_threads(*verb);
  verb->callback(
      [&chosen, flags] { chosen = [flags] { return print(evaluate(flags->weights, flags->data)); }; });
}

}  // namespace pyro::training
