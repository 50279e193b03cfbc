#include "evaluate/outputs.hpp"

#include <nlohmann/json.hpp>

#include "evaluate/evaluate.hpp"
#include "verbs/verbs.hpp"

namespace pyro::training {

void add_outputs(CLI::App& app, Chosen& chosen) {
  struct Flags {
    std::filesystem::path weights, out;
    std::vector<std::string> data;
  };
  CLI::App* verb = app.add_subcommand(
      "outputs", "save what a network says of the training pictures, for a student to learn from");
  verb->footer(
      "Example: pyrometer-train outputs --weights out/teacher/best.pt --data ../shared/data/fer2013 --out "
      "out/teacher/outputs.arrays");
  auto flags = std::make_shared<Flags>();
  verb->add_option("--weights", flags->weights, kWeightsHelp)->required();
  verb->add_option("--data", flags->data, kSourcesHelp)->required();
  verb->add_option("--out", flags->out, "file to write")->required();
  add_threads(*verb);
  verb->callback([&chosen, flags] {
    chosen = [flags]() -> Status {
      const Result<std::vector<Source>> sources = parse_sources(flags->data);
      if (!sources) {
        return tl::make_unexpected(sources.error());
      }
      return print(save_outputs(flags->weights, *sources, flags->out));
    };
  });
}

}  // namespace pyro::training
