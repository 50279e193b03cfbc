#include "export/export.hpp"

#include <nlohmann/json.hpp>

#include "verbs/verbs.hpp"

namespace pyro::training {

void add_export(CLI::App& app, Chosen& chosen) {
  struct Flags {
    std::filesystem::path weights, out;
    std::vector<std::string> data;
    ExportOptions options;
  };
  CLI::App* verb =
      app.add_subcommand("export", "write the model that the runtime loads, and compare the two");
  verb->footer(
      "Example: pyrometer-train export --weights out/run1/best.pt --data ../shared/data/fer2013 --out "
      "models/expression --int8");
  auto flags = std::make_shared<Flags>();
  verb->add_option("--weights", flags->weights, kWeightsHelp)->required();
  verb->add_option("--data", flags->data, kSourcesHelp)->required();
  verb->add_option("--out", flags->out, "folder for expression.xml and .bin")->required();
  verb->add_flag_callback(
      "--int8", [flags] { flags->options.precision = ExportPrecision::int8; },
      "quantise the convolutions, calibrated on training pictures");
  for (const auto& [name, temperature] :
       {std::pair{"--product-temperature", &flags->options.product_temperature},
        std::pair{"--fer2013-temperature", &flags->options.fer2013_temperature}}) {
    verb->add_option(name, *temperature,
                     "divides that head's logits; pyrometer evaluate --calibrate-on fits it")
        ->check(CLI::Range(0.05, 20.0))
        ->capture_default_str();
  }
  add_threads(*verb);
  verb->callback([&chosen, flags] {
    chosen = [flags]() -> Status {
      const Result<std::vector<Source>> sources = parse_sources(flags->data);
      if (!sources) {
        return tl::make_unexpected(sources.error());
      }
      return print(export_ir(flags->weights, *sources, flags->out, flags->options));
    };
  });
}

}  // namespace pyro::training
