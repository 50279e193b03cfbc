// The second half of `pyrometer-train export`, in a process without libtorch: writes the inference engine's
// model and compares it with the trained network. Prints one line of JSON: the differences and the time a
// face takes.
#include <CLI/CLI.hpp>
#include <iostream>

#include "export/class_maps.hpp"
#include "export/forecast_ir.hpp"
#include "export/heads.hpp"
#include "export/ir.hpp"
#include "export/map_ir.hpp"

namespace {

using namespace pyro;
using namespace pyro::training;

struct Arguments {
  std::filesystem::path weights, xml, out;
  int calls = 0;
  int threads = 1;
  bool int8 = false;
};

constexpr float kLargestDifference = 1e-4F;
// Quantisation moves every number a little; a broken one moves the answers.
constexpr double kMostChanged = 0.1;

Status check(const std::filesystem::path& xml, const nlohmann::json& differences, bool int8) {
  for (const char* name : {"product", "fer2013"}) {
    const double changed =
        differences.at(std::string(name) + "_changed").get<double>() / differences.at("n").get<double>();
    // Written so that a NaN fails too.
    if (int8 ? !(changed <= kMostChanged) : !(differences.at(name).get<float>() < kLargestDifference)) {
      return failed(xml.string() + ": answers otherwise than the trained network: " + differences.dump() +
                    "; do not use it");
    }
  }
  return {};
}

Result<nlohmann::json> convert(const Arguments& arguments) {
  Result<Arrays> arrays = read_arrays(arguments.weights);
  if (!arrays) return tl::make_unexpected(arrays.error());
  const Result<Program> program = program_of(*arrays);
  if (!program) return tl::make_unexpected(program.error());
  Ranges ranges;
  if (arguments.int8) {
    const auto pictures = arrays->items.find("calibration.input");
    if (pictures == arrays->items.end()) {
      return bad_input(arguments.weights.string() + ": holds no calibration pictures; export again");
    }
    Result<Ranges> found = calibrated(*program, pictures->second);
    if (!found) return tl::make_unexpected(found.error());
    ranges = std::move(*found);
  }
  const auto model = build_model(*program, arguments.int8 ? &ranges : nullptr);
  if (!model) return tl::make_unexpected(model.error());
  if (Status saved = save_model(*model, arguments.xml); !saved) return tl::make_unexpected(saved.error());

  nlohmann::json report{{"multiply_adds", multiply_adds(*program)}};
  for (const auto& [name, arithmetic] :
       {std::pair{arguments.int8 ? "int8" : "f32", Arithmetic::f32}, std::pair{"bf16", Arithmetic::bf16}}) {
    if (arguments.int8 && arithmetic == Arithmetic::bf16) break;
    Result<nlohmann::json> differences = compare(arguments.xml, *arrays, arithmetic);
    if (!differences) return differences;
    report[name]["largest_difference"] = *differences;
    if (arithmetic == Arithmetic::f32) {
      if (Status same = check(arguments.xml, *differences, arguments.int8); !same)
        return tl::make_unexpected(same.error());
    }
    if (arguments.calls > 0) {
      Result<nlohmann::json> times = time_calls(arguments.xml, arithmetic, arguments.calls);
      if (!times) return times;
      report[name]["time"] = *times;
    }
  }
  return report;
}

// The embeddings of faces, and the heads that the model has now.
Result<nlohmann::json> embed(const Arguments& arguments) {
  Result<Arrays> faces = read_arrays(arguments.weights);
  if (!faces) return tl::make_unexpected(faces.error());
  Result<Arrays> answer = embeddings_and_heads(arguments.xml, faces->items["faces"], arguments.threads);
  if (!answer) return tl::make_unexpected(answer.error());
  if (Status written = write_arrays(arguments.out, *answer); !written)
    return tl::make_unexpected(written.error());
  return nlohmann::json{{"n", answer->items["embedding"].shape.at(0)}};
}

// A network that is none for faces: compared, all outputs, and timed like one.
using Builder = Result<std::shared_ptr<ov::Model>> (*)(const Arrays&);
Result<nlohmann::json> convert_other(const Arguments& arguments, Builder build) {
  const Result<Arrays> arrays = read_arrays(arguments.weights);
  if (!arrays) return tl::make_unexpected(arrays.error());
  const auto model = build(*arrays);
  if (!model) return tl::make_unexpected(model.error());
  if (Status saved = save_model(*model, arguments.xml); !saved) return tl::make_unexpected(saved.error());
  const Result<nlohmann::json> differences = compare(arguments.xml, *arrays, Arithmetic::f32);
  if (!differences) return differences;
  for (const auto& [output, difference] : differences->items()) {
    if (output == "n" || difference.get<float>() < kLargestDifference) continue;  // so that a NaN fails too
    return failed(arguments.xml.string() +
                  ": answers otherwise than what was fitted: " + differences->dump() + "; do not use it");
  }
  nlohmann::json report{{"largest_difference", *differences}};
  if (arguments.calls > 0) {
    const Result<nlohmann::json> times = time_calls(arguments.xml, Arithmetic::f32, arguments.calls);
    if (!times) return times;
    report["time"] = *times;
  }
  return report;
}

Result<nlohmann::json> maps(const Arguments& arguments) {
  Result<Arrays> faces = read_arrays(arguments.weights);
  if (!faces) return tl::make_unexpected(faces.error());
  const Result<Arrays> answer = class_maps(arguments.xml, faces->items["faces"]);
  if (!answer) return tl::make_unexpected(answer.error());
  if (Status written = write_arrays(arguments.out, *answer); !written)
    return tl::make_unexpected(written.error());
  return nlohmann::json{{"out", arguments.out.string()}};
}

Result<nlohmann::json> replace(const Arguments& arguments) {
  const Result<Arrays> heads = read_arrays(arguments.weights);
  if (!heads) return tl::make_unexpected(heads.error());
  if (Status replaced = replace_heads(arguments.xml, *heads, arguments.out); !replaced) {
    return tl::make_unexpected(replaced.error());
  }
  return nlohmann::json{{"out", arguments.out.string()}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"pyrometer-ir: what pyrometer-train needs of the inference engine"};
  app.require_subcommand(1);
  Arguments arguments;
  CLI::App* to_ir =
      app.add_subcommand("convert", "write the engine's model and compare it with the trained network");
  to_ir->add_flag("--int8", arguments.int8, "quantise the convolutions to INT8");
  CLI::App* map_to_ir = app.add_subcommand("convert-map", "the same for the encoder of a map");
  CLI::App* forecast_to_ir = app.add_subcommand("convert-forecast", "the same for a forecasting network");
  CLI::App* embedding = app.add_subcommand("embed", "the embeddings of faces, and the model's heads");
  CLI::App* heads = app.add_subcommand("replace-heads", "the model with other heads");
  CLI::App* looking = app.add_subcommand("class-maps", "the class activation maps of faces");
  for (CLI::App* verb : {to_ir, map_to_ir, forecast_to_ir}) {
    verb->add_option("weights", arguments.weights, "what pyrometer-train export wrote, or map, or forecast")
        ->required();
    verb->add_option("model", arguments.xml, "the model to write, .xml")->required();
    verb->add_option("--calls", arguments.calls, "how many calls to time");
  }
  for (CLI::App* verb : {embedding, heads, looking}) {
    verb->add_option("model", arguments.xml, "an expression model, .xml")->required();
    verb->add_option("arrays", arguments.weights, "faces, or heads")->required();
    verb->add_option("out", arguments.out, "the file to write")->required();
  }
  embedding->add_option("--threads", arguments.threads);
  CLI11_PARSE(app, argc, argv);
  const Result<nlohmann::json> report = to_ir->parsed()            ? convert(arguments)
                                        : map_to_ir->parsed()      ? convert_other(arguments, build_map)
                                        : forecast_to_ir->parsed() ? convert_other(arguments, build_forecast)
                                        : embedding->parsed()      ? embed(arguments)
                                        : looking->parsed()        ? maps(arguments)
                                                                   : replace(arguments);
  if (!report) {
    std::cerr << "pyrometer-ir: " << report.error().text() << '\n';
    return exit_code(report.error().code);
  }
  std::cout << report->dump() << '\n';
  return 0;
}
