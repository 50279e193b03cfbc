#include <iostream>
#include <new>

#include "verbs/explain.hpp"
#include "verbs/forecast.hpp"
#include "verbs/regress.hpp"
#include "verbs/verbs.hpp"

int main(int argc, char** argv) {
  using namespace pyro;
  using namespace pyro::training;
  CLI::App app{"pyrometer-train: fits, judges and exports expression networks"};
  app.require_subcommand(1);
  Chosen chosen;
  for (const auto add : {add_train, add_finetune, add_outputs, add_evaluate, add_explain, add_export,
                         add_landmarks, add_map, add_forecast, add_regress, add_hold_out, add_average}) {
    add(app, chosen);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_code(ErrorCode::wrong_use);
  }
  try {
    limit_memory();
    if (const Status status = chosen(); !status) {
      std::cerr << "pyrometer-train: " << status.error().text() << '\n';
      return exit_code(status.error().code);
    }
  } catch (const std::exception& error) {  // libtorch reports everything, out of memory too, by throwing
    const std::string what = error.what();
    const bool memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
                        what.find("can't allocate memory") != std::string::npos;
    std::cerr << "pyrometer-train: "
              << (memory
                      ? "memory ran out; use a smaller --batch or a smaller network, then go on with --resume"
                      : "libtorch failed; try another --batch or --learning-rate")
              << " (" << what.substr(0, what.find('\n')) << ")\n";
    return exit_code(ErrorCode::failed);
  }
  return 0;
}
